package dev.ssecluster.problem;

import dev.ssecluster.metric.MeterNames;
import dev.ssecluster.model.Problem;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/**
 * Makes a problem of every refusal and counts it as {@value MeterNames#REFUSED}, tagged with its slug. Everything that answers an error
 * comes through here: controllers, filters, and Jetty itself. Thread-safe.
 */
@Component
public final class Problems {

    static final String MEDIA_TYPE = "application/problem+json";

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final MeterRegistry meters;

    public Problems(MeterRegistry meters) {
        this.meters = meters;
        for (ProblemType type : ProblemType.values()) {
            counter(type.slug()); // so that a dashboard shows zero instead of nothing
        }
    }

    /** The problem of a refusal, for the reader of this request. Counts it: call it once for each refusal. */
    public Problem of(RefusedException refusal, HttpServletRequest request) {
        return of(refusal, language(request), request.getRequestURI());
    }

    /** Answers a request with a problem, from where no controller is involved. */
    public void answer(RefusedException refusal, HttpServletRequest request, HttpServletResponse response) throws IOException {
        Locale language = language(request);
        Problem problem = of(refusal, language, request.getRequestURI());
        response.setStatus(problem.status());
        headers(refusal, language).forEach(response::setHeader);
        response.getOutputStream().write(json(problem));
    }

    private static Locale language(HttpServletRequest request) {
        return Language.of(request.getHeader("Accept-Language"));
    }

    Problem of(RefusedException refusal, Locale language, @Nullable String instance) {
        ProblemType type = refusal.type();
        counter(refusal.reason()).increment();
        return new Problem(
                type.uri(),
                Language.text(language, "problem." + type.slug() + ".title"),
                type.status(),
                Language.text(language, "problem." + type.slug() + ".detail", refusal.args()),
                instance,
                errors(refusal, language),
                type.outcome());
    }

    /** The headers of such an answer; it depends on the language and is never worth keeping. */
    Map<String, String> headers(RefusedException refusal, Locale language) {
        Map<String, String> headers = new LinkedHashMap<>(refusal.headers());
        headers.put("Content-Type", MEDIA_TYPE);
        headers.put("Content-Language", language.getLanguage());
        headers.put("Cache-Control", "no-store");
        return headers;
    }

    byte[] json(Problem problem) {
        return JSON.writeValueAsBytes(problem);
    }

    private Counter counter(String reason) {
        return meters.counter(MeterNames.REFUSED, MeterNames.REASON, reason);
    }

    private static @Nullable List<Problem.FieldError> errors(RefusedException refusal, Locale language) {
        return refusal.faults().isEmpty()
                ? null
                : refusal.faults().stream().map(fault -> error(fault, language)).toList();
    }

    private static Problem.FieldError error(FieldFault fault, Locale language) {
        return new Problem.FieldError(
                fault.field(), Language.text(language, "fault." + fault.code(), fault.args().toArray()));
    }
}
