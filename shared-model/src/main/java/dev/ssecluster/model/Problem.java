package dev.ssecluster.model;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Why something was refused, by RFC 9457. {@code title}, {@code detail} and the messages are for people, in the language of
 * {@code Accept-Language}; a program decides by {@code type}, {@code status} and {@code outcome}.
 *
 * @param type a URI that names the kind of problem; {@code docs/errors.md} lists them
 * @param instance the path that was asked for, without its query
 * @param errors the fields that are wrong; absent when the problem is not about fields
 * @param outcome whether the message may still appear; absent when it certainly does not
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Problem(
        @JsonProperty("type") String type,
        @JsonProperty("title") String title,
        @JsonProperty("status") int status,
        @JsonProperty("detail") String detail,
        @JsonProperty("instance") @Nullable String instance,
        @JsonProperty("errors") @Nullable List<FieldError> errors,
        @JsonProperty("outcome") @Nullable Outcome outcome) {

    /**
     * A field that is wrong.
     *
     * @param field its place in the body, such as {@code messages[3].target.group}, or the name of a header or parameter
     */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record FieldError(@JsonProperty("field") String field, @JsonProperty("message") String message) {}
}
