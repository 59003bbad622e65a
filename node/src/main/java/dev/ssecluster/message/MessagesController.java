package dev.ssecluster.message;

import dev.ssecluster.event.Cursor;
import dev.ssecluster.model.Answer;
import dev.ssecluster.model.InboxMessage;
import dev.ssecluster.model.MarkRead;
import dev.ssecluster.model.MarkedRead;
import dev.ssecluster.model.MessagePage;
import dev.ssecluster.model.MessagesApi;
import dev.ssecluster.model.UnreadCount;
import dev.ssecluster.problem.FieldFault;
import dev.ssecluster.problem.RefusedException;
import dev.ssecluster.security.Callers;
import dev.ssecluster.security.Forbidden;
import dev.ssecluster.security.Requires;
import dev.ssecluster.security.Right;
import dev.ssecluster.store.StoredMessage;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.RestController;

/** The calls that read messages and mark them as read. Runs on virtual threads. */
@RestController
@Requires(Right.ANY_TOKEN)
final class MessagesController implements MessagesApi {

    private static final int DEFAULT_LIMIT = 100;

    private final UserMessages messages;
    private final UnreadCounts counts;
    private final EventIds ids;
    private final Callers callers;
    private final HttpServletRequest request; // stands for the current request
    private final HttpServletResponse response; // stands for its response

    MessagesController(UserMessages messages, UnreadCounts counts, EventIds ids, Callers callers,
            HttpServletRequest request, HttpServletResponse response) {
        this.messages = messages;
        this.counts = counts;
        this.ids = ids;
        this.callers = callers;
        this.request = request;
        this.response = response;
    }

    @Override
    public MessagePage pending(String userId, @Nullable String lastEventId, @Nullable Integer limit) {
        QueryCheck.of(request).id("user_id", userId).eventId("last_event_id", lastEventId).limit(limit).throwIfWrong();
        checkOwner(userId);
        Cursor after = cursor("last_event_id", lastEventId);
        UserMessages.Page page = messages.pending(userId, after, limitOf(limit));
        return answer(page, page.more() ? after(after, page.messages().getLast()) : null);
    }

    @Override
    public MessagePage inbox(String userId, @Nullable Integer status, @Nullable String before, @Nullable Integer limit) {
        QueryCheck.of(request).id("user_id", userId).status(status).eventId("before", before).limit(limit).throwIfWrong();
        checkOwner(userId);
        Cursor start = cursor("before", before);
        UserMessages.Page page = messages.inbox(userId, status, start == null ? null : start.id(), limitOf(limit));
        return answer(page, page.more() ? Long.toString(page.messages().getLast().event().id()) : null);
    }

    @Override
    public Answer<MarkedRead> markRead(MarkRead marked) {
        checkOwner(marked.userId());
        int updated = marked.upTo() == null
                ? messages.markRead(marked.userId(), eventIds(marked))
                : ids.cursor(marked.upTo()).map(upTo -> messages.markReadUpTo(marked.userId(), upTo)).orElse(0);
        return new Answer<>(new MarkedRead(updated, counts.count(marked.userId()).count()));
    }

    @Override
    public Answer<UnreadCount> unread(String userId) {
        QueryCheck.of(request).id("user_id", userId).throwIfWrong();
        checkOwner(userId);
        response.setHeader("Cache-Control", "no-store");
        return new Answer<>(new UnreadCount(userId, counts.count(userId).count()));
    }

    private void checkOwner(String userId) {
        Forbidden.USER.unless(callers.current().mayActFor(userId));
    }

    private static Set<String> eventIds(MarkRead marked) {
        List<String> given = marked.eventIds() != null ? marked.eventIds() : List.of(String.valueOf(marked.eventId()));
        return given.stream().map(EventIds::eventId).collect(Collectors.toSet());
    }

    private @Nullable Cursor cursor(String field, @Nullable String text) {
        if (text == null || text.isEmpty()) {
            return null;
        }
        return ids.cursor(text).orElseThrow(() -> RefusedException.invalid(FieldFault.of(field, "unknown-event-id")));
    }

    /** As a stream's id would say it after this message. */
    private static String after(@Nullable Cursor start, StoredMessage last) {
        long id = last.event().id();
        return start == null ? Long.toString(id) : new Cursor(
                id, Math.max(start.normal(), id), Math.max(start.high(), id), Math.max(start.urgent(), id)).toString();
    }

    private MessagePage answer(UserMessages.Page page, @Nullable String next) {
        response.setHeader("Cache-Control", "no-store");
        List<InboxMessage> data = page.messages().stream().map(MessageViews::of).toList();
        return new MessagePage(data, next);
    }

    private static int limitOf(@Nullable Integer limit) {
        return limit == null ? DEFAULT_LIMIT : limit;
    }
}
