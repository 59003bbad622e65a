package dev.ssecluster.model;

import com.fasterxml.jackson.annotation.JsonRawValue;
import com.fasterxml.jackson.annotation.JsonValue;

/**
 * A JSON value that exists as text already and is sent as it is: {@code message.data(new Json(text))}.
 *
 * @param text one JSON value; a node refuses anything else
 */
public record Json(@JsonValue @JsonRawValue String text) {}
