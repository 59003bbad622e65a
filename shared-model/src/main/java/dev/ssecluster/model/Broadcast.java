package dev.ssecluster.model;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import org.jspecify.annotations.Nullable;

/** A message to every stream of every node; {@link Send#toEveryone} begins one. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Broadcast(@JsonUnwrapped Content content, @JsonIgnore @Nullable String idempotencyKey)
        implements Message<Broadcast> {

    @Override
    public Broadcast with(Content newContent) {
        return new Broadcast(newContent, idempotencyKey);
    }

    @Override
    public Broadcast idempotencyKey(String key) {
        return new Broadcast(content, key);
    }

    @Override
    public BatchMessage inBatch() {
        return new BatchMessage(new BatchMessage.To(null, null, null, true), content, idempotencyKey);
    }
}
