package dev.ssecluster.body;

import dev.ssecluster.limit.ConnectionLimits;
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

/** Lets only {@link BodyConverter} read the bodies of our calls; Jackson's own converter would take other encodings and shapes. */
@Configuration(proxyBeanMethods = false)
class BodyConfiguration implements WebMvcConfigurer {

    private final BodyConverter bodyConverter;
    private final HttpLimits limits;
    private final JsonMapper mapper;

    BodyConfiguration(HttpLimits limits, ConnectionLimits connections, RetentionProperties life, JsonMapper mapper) {
        this.bodyConverter = new BodyConverter(limits, connections, life);
        this.limits = limits;
        this.mapper = mapper;
    }

    @Override
    public void addInterceptors(InterceptorRegistry registry) {
        registry.addInterceptor(new DeclaredLength(Math.max(limits.bodyBytes(), limits.batchBytes())));
    }

    @Override
    public void configureMessageConverters(HttpMessageConverters.ServerBuilder builder) {
        builder.addCustomConverter(bodyConverter).withJsonConverter(new OtherJson(mapper));
    }

    /** Reads nothing that {@link BodyConverter} reads, writes everything. */
    private static final class OtherJson extends JacksonJsonHttpMessageConverter {

        OtherJson(JsonMapper mapper) {
            super(mapper);
        }

        @Override
        public boolean canRead(ResolvableType type, @Nullable MediaType mediaType) {
            return !BodyConverter.reads(type.toClass()) && super.canRead(type, mediaType);
        }

        @Override
        public boolean canRead(Class<?> type, @Nullable MediaType mediaType) {
            return !BodyConverter.reads(type) && super.canRead(type, mediaType);
        }
    }
}
