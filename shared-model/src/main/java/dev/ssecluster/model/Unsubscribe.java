package dev.ssecluster.model;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Ends a subscription. */
public record Unsubscribe(@JsonProperty("user_id") String userId, @JsonProperty("group") String group) {}
