package dev.ssecluster.model;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import org.jspecify.annotations.Nullable;

/** A message to all members of a group; {@link Send#toGroup} begins one. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record GroupSend(
        @JsonProperty("group") String group,
        @JsonUnwrapped Content content,
        @JsonIgnore @Nullable String idempotencyKey)
        implements Message<GroupSend> {

    @Override
    public GroupSend with(Content newContent) {
        return new GroupSend(group, newContent, idempotencyKey);
    }

    @Override
    public GroupSend idempotencyKey(String key) {
        return new GroupSend(group, content, key);
    }

    @Override
    public BatchMessage inBatch() {
        return new BatchMessage(new BatchMessage.To(null, null, group, null), content, idempotencyKey);
    }
}
