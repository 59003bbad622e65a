package dev.ssecluster.security;

import dev.ssecluster.model.Rules;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.security.oauth2.jwt.BadJwtException;
import org.springframework.security.oauth2.jwt.Jwt;

/** Reads what a verified token says about its caller. */
final class TokenReader {

    static final String PUBLISH_CLAIM = "sse_publish";

    private static final String GROUPS_CLAIM = "sse_groups";

    /** No token counts for longer: far ends would overflow. */
    private static final Duration LONGEST = Duration.ofDays(3650);

    private final String userClaim;
    private final Duration clockSkew;
    private final Clock clock;

    TokenReader(String userClaim, Duration clockSkew, Clock clock) {
        this.userClaim = userClaim;
        this.clockSkew = clockSkew;
        this.clock = clock;
    }

    /** @throws BadJwtException when its user is none that there can be */
    TokenCaller read(Jwt token) {
        String user = user(token);
        Object targets = token.getClaims().get(PUBLISH_CLAIM);
        Instant exp = Objects.requireNonNull(token.getExpiresAt());
        return new TokenCaller(
                name(token, user),
                user,
                scopes(token),
                Patterns.of(token.getClaims().get(GROUPS_CLAIM)),
                targets == null ? null : Patterns.of(targets),
                nanos(exp, Duration.ZERO),
                nanos(exp, clockSkew));
    }

    private @Nullable String user(Jwt token) {
        String user = text(token.getClaims().get(userClaim));
        if (user != null && Rules.id(user) != null) {
            throw new BadJwtException("The user is no valid id");
        }
        return user;
    }

    /** Programs have their own names, so that none can pass for a user. */
    private static String name(Jwt token, @Nullable String user) {
        if (user != null) {
            return "user:" + user;
        }
        return "client:" + Stream.of("sub", "client_id", "azp")
                .map(claim -> text(token.getClaims().get(claim)))
                .filter(Objects::nonNull)
                .findFirst()
                .orElse("");
    }

    /** Issuers write a number as it is. */
    private static @Nullable String text(@Nullable Object claim) {
        return switch (claim) {
            case null -> null;
            case String text -> text;
            case Long number -> number.toString();
            case Integer number -> number.toString();
            default -> throw new BadJwtException("A name is neither text nor a number");
        };
    }

    private static Set<String> scopes(Jwt token) {
        Set<String> scopes = new HashSet<>();
        for (String claim : Set.of("scope", "scp")) {
            switch (token.getClaims().get(claim)) {
                case String text -> scopes.addAll(List.of(text.split(" ", -1)));
                case Collection<?> list -> list.forEach(each -> scopes.add(String.valueOf(each)));
                case null, default -> {
                    // it gives nothing
                }
            }
        }
        return Set.copyOf(scopes);
    }

    private long nanos(Instant time, Duration more) {
        Duration rest = Duration.between(clock.instant(), time).plus(more);
        return System.nanoTime() + (rest.compareTo(LONGEST) < 0 ? rest : LONGEST).toNanos();
    }
}
