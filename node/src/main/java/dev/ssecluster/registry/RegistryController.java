package dev.ssecluster.registry;

import dev.ssecluster.backplane.BackplaneUnavailableException;
import dev.ssecluster.backplane.Leases;
import dev.ssecluster.model.Answer;
import dev.ssecluster.model.ClusterApi;
import dev.ssecluster.model.ClusterInfo;
import dev.ssecluster.model.UserPresence;
import dev.ssecluster.problem.ProblemType;
import dev.ssecluster.problem.QueryCheck;
import dev.ssecluster.problem.RefusedException;
import dev.ssecluster.security.Requires;
import dev.ssecluster.security.Right;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/** The calls that say who is where. Runs on virtual threads. */
@RestController
@Requires(Right.ADMINISTER)
final class RegistryController implements ClusterApi {

    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    private final Leases leases;
    private final HttpServletRequest request; // stands for the current request
    private final HttpServletResponse response; // stands for its response

    RegistryController(Leases leases, HttpServletRequest request, HttpServletResponse response) {
        this.leases = leases;
        this.request = request;
        this.response = response;
    }

    @Override
    public Answer<ClusterInfo> info() {
        return answer(RegistryViews.of(await(leases.nodes())));
    }

    @Override
    public Answer<UserPresence> presence(String userId) {
        QueryCheck.of(request).id("user_id", userId).throwIfWrong();
        return answer(RegistryViews.of(userId, await(leases.user(userId))));
    }

    /** For ids that a server does not refuse in a path. */
    @GetMapping(path = "/users/{user_id}", produces = "application/json")
    Answer<UserPresence> presenceByPath(@PathVariable("user_id") String userId) {
        return presence(userId);
    }

    private <T> Answer<T> answer(T data) {
        response.setHeader("Cache-Control", "no-store");
        return new Answer<>(data);
    }

    private static <T> T await(CompletableFuture<T> answer) {
        try {
            return answer.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof BackplaneUnavailableException) {
                throw RefusedException.of(ProblemType.UNAVAILABLE).retryAfter(RETRY_AFTER);
            }
            throw e;
        }
    }
}
