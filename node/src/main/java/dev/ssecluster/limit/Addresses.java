package dev.ssecluster.limit;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Makes addresses of bytes and text. Nothing is ever resolved. */
final class Addresses {

    private static final String IPV4 = "(\\d+\\.\\d+\\.\\d+\\.\\d+)";
    private static final String IPV6 = "([0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*)(?:%[\\w.-]+)?";
    private static final String PORT = "(?::\\d+)?";

    /** As proxies and servers write one: an address, or one with a port, then in brackets if it is IPv6. */
    private static final Pattern HOP = Pattern.compile(IPV4 + PORT + "|\\[" + IPV6 + "]" + PORT + "|" + IPV6);

    private Addresses() {}

    static InetAddress of(byte[] bytes) {
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(e); // only for a wrong number of bytes
        }
    }

    /** The address of one hop in {@code X-Forwarded-For}; null when it is none. */
    static @Nullable InetAddress ofHop(String text) {
        Matcher hop = HOP.matcher(text.strip());
        return hop.matches() ? ofLiteral(firstGroup(hop)) : null;
    }

    private static @Nullable InetAddress ofLiteral(String literal) {
        try {
            return InetAddress.ofLiteral(literal);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static String firstGroup(Matcher matcher) {
        return IntStream.rangeClosed(1, matcher.groupCount())
                .mapToObj(matcher::group)
                .filter(Objects::nonNull)
                .findFirst()
                .orElseThrow();
    }
}
