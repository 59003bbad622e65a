package dev.ssecluster.security;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The names by which an unsecured node may be called. Nothing is ever resolved. */
final class AllowedHosts {

    private static final Pattern PORT = Pattern.compile(":\\d*$");

    private static final Pattern LOOPBACK =
            Pattern.compile("localhost\\.?|.+\\.localhost\\.?|127(\\.\\d{1,3}){3}|\\[::1]|\\[0:0:0:0:0:0:0:1]|::1");

    private final Set<String> listed;

    AllowedHosts(Set<String> listed) {
        this.listed = listed.stream().map(AllowedHosts::lowerCase).collect(Collectors.toUnmodifiableSet());
    }

    /** @param host as in a {@code Host} header, with or without port */
    boolean allows(String host) {
        String name = lowerCase(host.equals("::1") ? host : PORT.matcher(host).replaceFirst(""));
        return listed.contains(name) || LOOPBACK.matcher(name).matches();
    }

    private static String lowerCase(String name) {
        return name.toLowerCase(Locale.ROOT);
    }
}
