package dev.ssecluster.model;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * What disconnecting has done.
 *
 * @param closed streams that were closed
 * @param complete false when a node did not answer in time: its streams may be closed, too, and are not counted
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record Disconnected(@JsonProperty("closed") int closed, @JsonProperty("complete") boolean complete) {}
