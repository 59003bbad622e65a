package dev.ssecluster.model;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;

/** A subscription that there is no more. */
@JsonIgnoreProperties(ignoreUnknown = true)
public record Unsubscribed(@JsonProperty("user_id") String userId, @JsonProperty("group") String group) {}
