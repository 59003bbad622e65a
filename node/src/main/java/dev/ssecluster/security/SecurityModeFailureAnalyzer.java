package dev.ssecluster.security;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Shows a missing or wrong security setting as one line instead of a stack trace. */
final class SecurityModeFailureAnalyzer extends AbstractFailureAnalyzer<SecurityModeException> {

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, SecurityModeException cause) {
        return new FailureAnalysis(cause.getMessage(), null, cause);
    }
}
