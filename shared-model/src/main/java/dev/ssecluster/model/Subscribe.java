package dev.ssecluster.model;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Has all of a user's streams listen to a group, those that are open and those that come.
 *
 * @param eventTypes only events of these types; null or empty: all. Joined with commas they have at most {@link
 *     Limits#EVENT_TYPES_CHARACTERS} characters
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Subscribe(
        @JsonProperty("user_id") String userId,
        @JsonProperty("group") String group,
        @JsonProperty("event_types") @Nullable List<String> eventTypes) {

    /** All events of the group. */
    public static Subscribe to(String userId, String group) {
        return new Subscribe(userId, group, null);
    }

    /** Events of these types. */
    public static Subscribe to(String userId, String group, Collection<String> eventTypes) {
        return new Subscribe(userId, group, List.copyOf(eventTypes));
    }
}
