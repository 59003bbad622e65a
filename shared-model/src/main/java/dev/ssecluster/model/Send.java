package dev.ssecluster.model;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import org.jspecify.annotations.Nullable;

/**
 * A message to one user or one client id: exactly one of the two is present. This class is also where every message begins.
 *
 * @param userId all streams of this user
 * @param clientId all streams that carry this client id
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Send(
        @JsonProperty("user_id") @Nullable String userId,
        @JsonProperty("client_id") @Nullable String clientId,
        @JsonUnwrapped Content content,
        @JsonIgnore @Nullable String idempotencyKey)
        implements Message<Send> {

    /** A message to all streams of a user. */
    public static Send toUser(String userId) {
        return new Send(userId, null, Content.EMPTY, null);
    }

    /** A message to the streams that carry this client id. */
    public static Send toClient(String clientId) {
        return new Send(null, clientId, Content.EMPTY, null);
    }

    /** A message to all members of a group. */
    public static GroupSend toGroup(String group) {
        return new GroupSend(group, Content.EMPTY, null);
    }

    /** A message to every stream of every node. */
    public static Broadcast toEveryone() {
        return new Broadcast(Content.EMPTY, null);
    }

    @Override
    public Send with(Content newContent) {
        return new Send(userId, clientId, newContent, idempotencyKey);
    }

    @Override
    public Send idempotencyKey(String key) {
        return new Send(userId, clientId, content, key);
    }

    @Override
    public BatchMessage inBatch() {
        return new BatchMessage(new BatchMessage.To(userId, clientId, null, null), content, idempotencyKey);
    }
}
