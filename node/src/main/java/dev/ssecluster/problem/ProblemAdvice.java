package dev.ssecluster.problem;

import dev.ssecluster.event.StoreUnavailableException;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.TypeMismatchException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.ResponseEntity;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.web.HttpRequestMethodNotSupportedException;
import org.springframework.web.bind.MissingServletRequestParameterException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.ServletWebRequest;
import org.springframework.web.context.request.WebRequest;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;
import org.springframework.web.servlet.mvc.method.annotation.ResponseEntityExceptionHandler;

/** Turns what controllers and Spring MVC throw into problems. Only what is this node's own fault is logged. */
@RestControllerAdvice
final class ProblemAdvice extends ResponseEntityExceptionHandler {

    private static final Logger log = LoggerFactory.getLogger(ProblemAdvice.class);

    /** About as long as a node takes to notice that the database is back. */
    private static final Duration STORE_RETRY = Duration.ofSeconds(2);

    private final Problems problems;

    ProblemAdvice(Problems problems) {
        this.problems = problems;
    }

    @ExceptionHandler(RefusedException.class)
    ResponseEntity<Object> onRefusal(RefusedException refusal, WebRequest request) {
        return answer(refusal, HttpHeaders.EMPTY, request);
    }

    /** Passing, and not this node's fault; who calls the database logs when it goes and comes. */
    @ExceptionHandler(StoreUnavailableException.class)
    ResponseEntity<Object> onStoreAway(StoreUnavailableException fault, WebRequest request) {
        return answer(RefusedException.of(ProblemType.STORE_UNAVAILABLE).retryAfter(STORE_RETRY), HttpHeaders.EMPTY, request);
    }

    /** Whatever nobody expected: the client's connection, something Jetty found while reading, or a fault of ours. */
    @ExceptionHandler(Exception.class)
    @Nullable ResponseEntity<Object> onAnythingElse(Exception fault, WebRequest request) {
        RefusedException refusal = ClientFaults.refusalIn(fault);
        if (refusal != null) {
            return answer(refusal, HttpHeaders.EMPTY, request);
        }
        if (ClientFaults.isDisconnect(fault)) {
            return null; // nobody is left to read an answer
        }
        log.error("A request failed because of a fault in this node", fault);
        return answer(RefusedException.of(ProblemType.INTERNAL_ERROR), HttpHeaders.EMPTY, request);
    }

    /** Without the superclass's warning: everybody can cause this one. */
    @Override
    protected @Nullable ResponseEntity<Object> handleHttpRequestMethodNotSupported(
            HttpRequestMethodNotSupportedException fault, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        return handleExceptionInternal(fault, null, headers, status, request);
    }

    @Override
    protected @Nullable ResponseEntity<Object> handleHttpMessageNotReadable(
            HttpMessageNotReadableException fault, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        RefusedException refusal = fault.getCause() instanceof IOException cause ? ClientFaults.whileReading(cause) : noBody();
        return answer(refusal, headers, request);
    }

    private static RefusedException noBody() {
        return RefusedException.of(ProblemType.MALFORMED_JSON, Phrase.of("malformed.empty"));
    }

    @Override
    protected ResponseEntity<Object> handleMissingServletRequestParameter(
            MissingServletRequestParameterException fault, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        return answer(RefusedException.invalid(FieldFault.of(fault.getParameterName(), "required")), headers, request);
    }

    @Override
    protected ResponseEntity<Object> handleTypeMismatch(
            TypeMismatchException fault, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        String field = fault instanceof MethodArgumentTypeMismatchException argument ? argument.getName() : "";
        return answer(RefusedException.invalid(FieldFault.of(field, "wrong-value")), headers, request);
    }

    /** What the superclass knows comes here with its status and headers such as {@code Allow} and {@code Accept}. */
    @Override
    protected @Nullable ResponseEntity<Object> handleExceptionInternal(
            Exception fault, @Nullable Object body, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        if (status.is5xxServerError()) {
            return onAnythingElse(fault, request);
        }
        return answer(RefusedException.ofStatus(status.value()), headers, request);
    }

    private ResponseEntity<Object> answer(RefusedException refusal, HttpHeaders headers, WebRequest request) {
        Locale language = Language.of(request.getHeader("Accept-Language"));
        HttpServletRequest servletRequest = ((ServletWebRequest) request).getRequest();
        ResponseEntity.BodyBuilder response = ResponseEntity.status(refusal.type().status()).headers(headers);
        problems.headers(refusal, language).forEach(response::header);
        return response.body(problems.json(problems.of(refusal, language, servletRequest.getRequestURI())));
    }
}
