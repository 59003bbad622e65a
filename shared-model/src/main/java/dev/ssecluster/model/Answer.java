package dev.ssecluster.model;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;

/** The envelope of every successful answer: {@code {"data": …}}. */
@JsonIgnoreProperties(ignoreUnknown = true)
public record Answer<T>(@JsonProperty("data") T data) {}
