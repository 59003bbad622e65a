package dev.ssecluster.publish;

import dev.ssecluster.event.Trace;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the header {@code traceparent} of W3C Trace Context, section 3.2, also of later versions, as far as they are like this one. */
final class TraceParent {

    static final String HEADER = "traceparent";

    private static final String FIRST_VERSION = "00";
    private static final Pattern FORMAT =
            Pattern.compile("(?!ff)([0-9a-f]{2})-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-([0-9a-f]{2})(-.*)?");

    private TraceParent() {}

    /** The trace, if its caller records it; null when not, or when the header is malformed, which by the standard is no error. */
    static @Nullable Trace sampled(String header) {
        Matcher parts = FORMAT.matcher(header);
        boolean isValid = parts.matches() && (parts.group(4) == null || !parts.group(1).equals(FIRST_VERSION));
        return isValid && isSampled(parts.group(3)) ? new Trace(parts.group(2)) : null;
    }

    private static boolean isSampled(String flags) {
        return (Integer.parseInt(flags, 16) & 1) == 1;
    }
}
