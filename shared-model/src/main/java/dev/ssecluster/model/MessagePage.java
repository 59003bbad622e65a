package dev.ssecluster.model;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Some of a user's messages.
 *
 * @param next what to ask for the next page with; null when this was the last
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record MessagePage(@JsonProperty("data") List<InboxMessage> data, @JsonProperty("next") @Nullable String next) {}
