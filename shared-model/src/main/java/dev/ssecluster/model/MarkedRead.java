package dev.ssecluster.model;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * What marking messages as read has changed.
 *
 * @param updated messages that were not read before
 * @param unread messages that the user has not read now
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record MarkedRead(@JsonProperty("updated") int updated, @JsonProperty("unread") long unread) {}
