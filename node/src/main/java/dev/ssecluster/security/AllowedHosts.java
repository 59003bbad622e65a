package dev.ssecluster.security;

import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The names by which a node may be called. Nothing is ever resolved. */
final class AllowedHosts {

    private static final Pattern PORT = Pattern.compile(":\\d*$");

    private static final Pattern LOOPBACK =
            Pattern.compile("localhost\\.?|.+\\.localhost\\.?|127(\\.\\d{1,3}){3}|\\[::1]|\\[0:0:0:0:0:0:0:1]|::1");

    private final Predicate<String> names;

    private AllowedHosts(Predicate<String> names) {
        this.names = names;
    }

    /** For a node that is open to whoever reaches it. */
    static AllowedHosts loopbackAnd(Set<String> listed) {
        Set<String> names = listed.stream().map(AllowedHosts::lowerCase).collect(Collectors.toUnmodifiableSet());
        return new AllowedHosts(name -> names.contains(name) || LOOPBACK.matcher(name).matches());
    }

    /** For a node that asks everybody for a token. */
    static AllowedHosts all() {
        return new AllowedHosts(_ -> true);
    }

    /** @param host as in a {@code Host} header, with or without port */
    boolean allows(String host) {
        return names.test(lowerCase(host.equals("::1") ? host : PORT.matcher(host).replaceFirst("")));
    }

    private static String lowerCase(String name) {
        return name.toLowerCase(Locale.ROOT);
    }
}
