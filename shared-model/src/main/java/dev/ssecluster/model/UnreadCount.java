package dev.ssecluster.model;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;

/** How many stored messages to this user are neither read nor expired. */
@JsonIgnoreProperties(ignoreUnknown = true)
public record UnreadCount(@JsonProperty("user_id") String userId, @JsonProperty("unread") long unread) {}
