package dev.ssecluster.connect;

import dev.ssecluster.model.Defect;
import dev.ssecluster.model.Rules;
import dev.ssecluster.problem.FieldFault;
import dev.ssecluster.problem.ProblemType;
import dev.ssecluster.problem.RefusedException;
import dev.ssecluster.security.Caller;
import dev.ssecluster.security.Forbidden;
import jakarta.servlet.http.HttpServletRequest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads one stream request; collects all that is wrong with it, then asks whether its caller may have such a stream. Not reused. */
final class StreamRequestParser {

    private static final String DEFAULT_GROUP = "default";
    private static final List<String> SINGLE = List.of(
            "id", "user_id", "envelope", "heartbeat", "unread", "backlog", "last_event_id");
    private static final Pattern ECHOABLE = Pattern.compile("[!-~]{1,128}");

    private final HttpServletRequest request;
    private final Map<String, String> path;
    private final Caller caller;
    private final int maxGroups;
    private final List<FieldFault> faults = new ArrayList<>();

    StreamRequestParser(HttpServletRequest request, Map<String, String> path, Caller caller, int maxGroups) {
        this.request = request;
        this.path = path;
        this.caller = caller;
        this.maxGroups = maxGroups;
    }

    /** Throws {@link RefusedException} with every fault found, or because the caller may not have that stream. */
    StreamRequest parse() {
        refuseOtherEncodings();
        refuseRepeated();
        String id = validId("id", path.getOrDefault("id", request.getParameter("id")));
        String givenUser = validId("user_id", request.getParameter("user_id"));
        String user = givenUser == null ? caller.userOfStream(id) : givenUser;
        StreamRequest parsed = new StreamRequest(
                HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong()),
                id == null ? UUID.randomUUID().toString() : id,
                id != null,
                user,
                groups(),
                choice("envelope", "true", "false"),
                choice("heartbeat", "event", "comment"),
                choice("unread", "true", "false") && user != null,
                !choice("backlog", "none", "unseen"),
                cursor(request),
                caller);
        if (!faults.isEmpty()) {
            throw RefusedException.invalid(faults);
        }
        checkRights(parsed);
        return parsed;
    }

    private void checkRights(StreamRequest parsed) {
        Forbidden.USER.unless(parsed.userId() == null || caller.mayActFor(parsed.userId()));
        Forbidden.CLIENT_ID.unless(!parsed.hasOwnClientId() || caller.mayUseClientId(parsed.clientId()));
        Forbidden.GROUP.unless(parsed.groups().stream().allMatch(caller::mayJoin));
    }

    /** Raw bytes that are not UTF-8 arrive as this one character, so different ids would become the same. */
    private void refuseOtherEncodings() {
        String query = request.getQueryString();
        if (query != null && query.indexOf('\uFFFD') >= 0) {
            throw RefusedException.of(ProblemType.MALFORMED_HTTP);
        }
    }

    /** Of several values one would count in silence. */
    private void refuseRepeated() {
        for (String field : SINGLE) {
            String[] values = request.getParameterValues(field);
            if (values != null && values.length > 1) {
                faults.add(FieldFault.of(field, "duplicate"));
            }
        }
    }

    private @Nullable String validId(String field, @Nullable String value) {
        Defect defect = value == null ? null : Rules.id(value);
        if (defect != null) {
            faults.add(FieldFault.of(field, defect));
        }
        return value;
    }

    private List<String> groups() {
        List<String> groups = Stream.of(groupValues()).flatMap(value -> Stream.of(value.split(",", -1))).distinct().toList();
        if (groups.size() > maxGroups) {
            faults.add(FieldFault.of("group", "too-many", maxGroups));
            return groups;
        }
        groups.forEach(group -> validId("group", group));
        return groups;
    }

    private String[] groupValues() {
        String fromPath = path.get("group");
        if (fromPath != null) {
            validId("group", fromPath); // a comma is no separator there
            return new String[] {fromPath};
        }
        String[] fromQuery = request.getParameterValues("group");
        return fromQuery == null ? new String[] {DEFAULT_GROUP} : fromQuery;
    }

    private boolean choice(String field, String on, String off) {
        String value = request.getParameter(field);
        if (value != null && !value.equals(on) && !value.equals(off)) {
            faults.add(FieldFault.of(field, "wrong-value"));
        }
        return on.equals(value);
    }

    /** The cursor of a request that was not parsed, if it may be written into a stream; ours always may. */
    static @Nullable String echoableCursor(HttpServletRequest request) {
        String cursor = cursor(request);
        return cursor != null && ECHOABLE.matcher(cursor).matches() ? cursor : null;
    }

    private static @Nullable String cursor(HttpServletRequest request) {
        String header = request.getHeader("Last-Event-ID");
        String cursor = header == null || header.isEmpty() ? request.getParameter("last_event_id") : header;
        return cursor == null || cursor.isEmpty() ? null : cursor;
    }
}
