package dev.ssecluster.admin;

import dev.ssecluster.event.Target;
import dev.ssecluster.model.AdminApi;
import dev.ssecluster.model.Answer;
import dev.ssecluster.model.Disconnect;
import dev.ssecluster.model.Disconnected;
import dev.ssecluster.model.GroupPage;
import dev.ssecluster.problem.ProblemType;
import dev.ssecluster.problem.QueryCheck;
import dev.ssecluster.problem.RefusedException;
import dev.ssecluster.security.Requires;
import dev.ssecluster.security.Right;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** The calls of administrators, by path, or by query for ids that a server refuses in a path. Runs on virtual threads. */
@RestController
@Requires(Right.ADMINISTER)
final class AdminController implements AdminApi {

    private static final String JSON = MediaType.APPLICATION_JSON_VALUE;
    private static final int DEFAULT_LIMIT = 100;

    private final Disconnections disconnections;
    private final Groups groups;
    private final HttpServletRequest request; // stands for the current request
    private final HttpServletResponse response; // stands for its response

    AdminController(Disconnections disconnections, Groups groups, HttpServletRequest request, HttpServletResponse response) {
        this.disconnections = disconnections;
        this.groups = groups;
        this.request = request;
        this.response = response;
    }

    @Override
    public Answer<Disconnected> disconnectClient(String clientId, @Nullable Disconnect how) {
        check().id("id", clientId).throwIfWrong();
        return disconnect(Target.client(clientId), how);
    }

    @Override
    public Answer<Disconnected> disconnectUser(String userId, @Nullable Disconnect how) {
        check().id("user_id", userId).throwIfWrong();
        return disconnect(Target.user(userId), how);
    }

    @Override
    public GroupPage group(String group, @Nullable Integer limit, @Nullable String cursor) {
        check().id("group", group).limit(limit).that("cursor", cursor == null || MemberQuery.isCursor(cursor)).throwIfWrong();
        response.setHeader("Cache-Control", "no-store");
        return groups.page(group, new MemberQuery(cursor, limit == null ? DEFAULT_LIMIT : limit));
    }

    @PostMapping(path = "/disconnect/{id}", consumes = JSON, produces = JSON)
    Answer<Disconnected> disconnectClientByPath(
            @PathVariable("id") String clientId, @RequestBody(required = false) @Nullable Disconnect how) {
        return disconnectClient(clientId, how);
    }

    @PostMapping(path = "/users/{user_id}/disconnect", consumes = JSON, produces = JSON)
    Answer<Disconnected> disconnectUserByPath(
            @PathVariable("user_id") String userId, @RequestBody(required = false) @Nullable Disconnect how) {
        return disconnectUser(userId, how);
    }

    @GetMapping(path = "/group/{group}", produces = JSON)
    GroupPage groupByPath(
            @PathVariable("group") String group,
            @RequestParam(name = "limit", required = false) @Nullable Integer limit,
            @RequestParam(name = "cursor", required = false) @Nullable String cursor) {
        return group(group, limit, cursor);
    }

    /**
     * A page of any origin may have a browser send a POST without a body. Only for JSON the browser asks the server first whether that
     * page may (the Fetch standard's CORS protocol).
     */
    private void refuseUnlessABrowserAsksFirst() {
        String type = request.getContentType();
        boolean isJson = type != null && type.regionMatches(true, 0, JSON, 0, JSON.length());
        if (!isJson && request.getHeader("Origin") != null) {
            throw RefusedException.of(ProblemType.UNSUPPORTED_MEDIA_TYPE);
        }
    }

    private QueryCheck check() {
        return QueryCheck.of(request);
    }

    private Answer<Disconnected> disconnect(Target target, @Nullable Disconnect how) {
        refuseUnlessABrowserAsksFirst();
        return new Answer<>(disconnections.disconnect(target, Order.of(how)));
    }
}
