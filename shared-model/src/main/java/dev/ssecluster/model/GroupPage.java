package dev.ssecluster.model;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/**
 * Some of a group's members.
 *
 * @param next what to ask for the next page with; null when this was the last
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record GroupPage(@JsonProperty("data") GroupMembers data, @JsonProperty("next") @Nullable String next) {}
