package dev.ssecluster.body;

import dev.ssecluster.limit.ConnectionLimits;
import dev.ssecluster.model.Batch;
import dev.ssecluster.model.Broadcast;
import dev.ssecluster.model.Disconnect;
import dev.ssecluster.model.GroupSend;
import dev.ssecluster.model.MarkRead;
import dev.ssecluster.model.Send;
import dev.ssecluster.model.Subscribe;
import dev.ssecluster.model.Unsubscribe;
import dev.ssecluster.problem.ProblemType;
import dev.ssecluster.problem.RefusedException;
import dev.ssecluster.store.RetentionProperties;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpInputMessage;
import org.springframework.http.HttpOutputMessage;
import org.springframework.http.MediaType;
import org.springframework.http.converter.HttpMessageConverter;

/**
 * Reads the bodies of calls, in one pass and without a tree, into the records that applications send. {@code data} becomes an
 * {@link EncodedJson}. Thread-safe; blocks while the body arrives.
 */
final class BodyConverter implements HttpMessageConverter<Object> {

    private static final Map<Class<?>, BodyReader> READERS = Map.of(
            Send.class, (json, ttl) -> new MessageReader(json, "", ttl).readSend(),
            GroupSend.class, (json, ttl) -> new MessageReader(json, "", ttl).readGroupSend(),
            Broadcast.class, (json, ttl) -> new MessageReader(json, "", ttl).readBroadcast(),
            Batch.class, (json, ttl) -> new BatchReader(json, ttl).read(),
            MarkRead.class, (json, _) -> new MarkReadReader(json).read(),
            Disconnect.class, (json, _) -> new DisconnectReader(json).read(),
            Subscribe.class, (json, _) -> new SubscriptionReader(json).readSubscribe(),
            Unsubscribe.class, (json, _) -> new SubscriptionReader(json).readUnsubscribe());

    private final HttpLimits limits;
    private final Duration timeout;
    private final long longestTtl;

    BodyConverter(HttpLimits limits, ConnectionLimits connections, RetentionProperties life) {
        this.timeout = connections.bodyTimeout();
        this.limits = limits;
        this.longestTtl = life.retention().toSeconds();
    }

    /** Reads the rest of an object that has begun. */
    private interface BodyReader {
        Object read(JsonBody json, long longestTtl);
    }

    static boolean reads(Class<?> type) {
        return READERS.containsKey(type);
    }

    @Override
    public boolean canRead(Class<?> type, @Nullable MediaType mediaType) {
        return reads(type) && mediaType != null && MediaType.APPLICATION_JSON.includes(mediaType) && isUtf8(mediaType);
    }

    private static boolean isUtf8(MediaType mediaType) {
        return mediaType.getCharset() == null || StandardCharsets.UTF_8.equals(mediaType.getCharset());
    }

    @Override
    public boolean canWrite(Class<?> type, @Nullable MediaType mediaType) {
        return false;
    }

    @Override
    public List<MediaType> getSupportedMediaTypes() {
        return List.of(MediaType.APPLICATION_JSON);
    }

    @Override
    public Object read(Class<?> type, HttpInputMessage input) throws IOException {
        HttpHeaders headers = input.getHeaders();
        if (headers.containsHeader(HttpHeaders.CONTENT_ENCODING)) {
            throw RefusedException.of(ProblemType.UNSUPPORTED_MEDIA_TYPE);
        }
        int limit = type == Batch.class ? limits.batchBytes() : limits.bodyBytes();
        byte[] bytes = Bodies.read(input.getBody(), headers.getContentLength(), limit, timeout);
        try (JsonBody json = new JsonBody(bytes)) {
            return read(type, json);
        }
    }

    private Object read(Class<?> type, JsonBody json) {
        json.startObject();
        Object result = Objects.requireNonNull(READERS.get(type)).read(json, longestTtl);
        json.end();
        return result;
    }

    @Override
    public void write(Object value, @Nullable MediaType mediaType, HttpOutputMessage output) {
        throw new UnsupportedOperationException();
    }
}
