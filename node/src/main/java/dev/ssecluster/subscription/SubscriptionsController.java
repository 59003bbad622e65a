package dev.ssecluster.subscription;

import dev.ssecluster.backplane.BackplaneUnavailableException;
import dev.ssecluster.model.Answer;
import dev.ssecluster.model.Subscribe;
import dev.ssecluster.model.SubscriptionState;
import dev.ssecluster.model.SubscriptionsApi;
import dev.ssecluster.model.Unsubscribe;
import dev.ssecluster.model.Unsubscribed;
import dev.ssecluster.problem.ProblemType;
import dev.ssecluster.problem.QueryCheck;
import dev.ssecluster.problem.RefusedException;
import dev.ssecluster.security.Caller;
import dev.ssecluster.security.Callers;
import dev.ssecluster.security.Forbidden;
import dev.ssecluster.security.Requires;
import dev.ssecluster.security.Right;
import dev.ssecluster.store.SubscriptionStore.Subscription;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.RestController;

/** The calls that begin, end and list subscriptions. Runs on virtual threads. */
@RestController
@Requires(Right.ANY_TOKEN)
final class SubscriptionsController implements SubscriptionsApi {

    private static final Duration RETRY = Duration.ofSeconds(2);

    private final SubscriptionChanges changes;
    private final Callers callers;
    private final HttpServletRequest request; // stands for the current request
    private final HttpServletResponse response; // stands for its response

    SubscriptionsController(SubscriptionChanges changes, Callers callers, HttpServletRequest request, HttpServletResponse response) {
        this.changes = changes;
        this.callers = callers;
        this.request = request;
        this.response = response;
    }

    @Override
    public Answer<SubscriptionState> subscribe(Subscribe wanted) {
        checkOwner(wanted.userId());
        Caller caller = callers.current();
        Forbidden.GROUP.unless(caller.mayVouch() || caller.mayJoin(wanted.group()));
        Subscription made = orUnavailable(() ->
                changes.subscribe(wanted.userId(), wanted.group(), types(wanted), !caller.mayVouch()));
        return new Answer<>(state(wanted.userId(), made));
    }

    @Override
    public Answer<Unsubscribed> unsubscribe(Unsubscribe ended) {
        checkOwner(ended.userId());
        return orUnavailable(() -> {
            changes.unsubscribe(ended.userId(), ended.group());
            return new Answer<>(new Unsubscribed(ended.userId(), ended.group()));
        });
    }

    @Override
    public Answer<List<SubscriptionState>> subscriptions(String userId) {
        QueryCheck.of(request).id("user_id", userId).throwIfWrong();
        checkOwner(userId);
        response.setHeader("Cache-Control", "no-store");
        return new Answer<>(changes.list(userId).stream().map(each -> state(null, each)).toList());
    }

    private void checkOwner(String userId) {
        Forbidden.USER.unless(callers.current().mayActFor(userId));
    }

    private static Set<String> types(Subscribe wanted) {
        return wanted.eventTypes() == null ? Set.of() : new LinkedHashSet<>(wanted.eventTypes());
    }

    private static SubscriptionState state(@Nullable String user, Subscription made) {
        return new SubscriptionState(user, made.group(), List.copyOf(made.types()), made.isEnabled() ? 1 : 0,
                Instant.EPOCH.plus(made.since(), ChronoUnit.MICROS));
    }

    private static <T> T orUnavailable(Supplier<T> call) {
        try {
            return call.get();
        } catch (BackplaneUnavailableException e) { // perhaps it is stored, and open streams do not know it
            throw RefusedException.of(ProblemType.UNAVAILABLE).retryAfter(RETRY);
        }
    }
}
