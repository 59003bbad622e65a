package dev.ssecluster.publish;

import dev.ssecluster.store.RetentionProperties;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.ResolvableType;
import org.springframework.http.MediaType;
import org.springframework.http.converter.HttpMessageConverters;
import org.springframework.http.converter.json.JacksonJsonHttpMessageConverter;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import tools.jackson.databind.json.JsonMapper;

/** Lets only {@link SendConverter} read the bodies of sends; Jackson's own converter would take other encodings and shapes. */
@Configuration(proxyBeanMethods = false)
class PublishConfiguration implements WebMvcConfigurer {

    private final SendConverter sendConverter;
    private final HttpLimits limits;
    private final JsonMapper mapper;

    PublishConfiguration(HttpLimits limits, RetentionProperties life, JsonMapper mapper) {
        this.sendConverter = new SendConverter(limits, life);
        this.limits = limits;
        this.mapper = mapper;
    }

    @Override
    public void addInterceptors(InterceptorRegistry registry) {
        registry.addInterceptor(new DeclaredLength(Math.max(limits.bodyBytes(), limits.batchBytes())));
    }

    @Override
    public void configureMessageConverters(HttpMessageConverters.ServerBuilder builder) {
        builder.addCustomConverter(sendConverter).withJsonConverter(new OtherJson(mapper));
    }

    /** Reads everything but sends, writes everything. */
    private static final class OtherJson extends JacksonJsonHttpMessageConverter {

        OtherJson(JsonMapper mapper) {
            super(mapper);
        }

        @Override
        public boolean canRead(ResolvableType type, @Nullable MediaType mediaType) {
            return !SendConverter.reads(type.toClass()) && super.canRead(type, mediaType);
        }

        @Override
        public boolean canRead(Class<?> type, @Nullable MediaType mediaType) {
            return !SendConverter.reads(type) && super.canRead(type, mediaType);
        }
    }
}
