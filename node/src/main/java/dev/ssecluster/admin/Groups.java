package dev.ssecluster.admin;

import dev.ssecluster.backplane.Answers;
import dev.ssecluster.backplane.Backplane;
import dev.ssecluster.backplane.Request;
import dev.ssecluster.backplane.RequestKind;
import dev.ssecluster.event.NodeId;
import dev.ssecluster.event.Target;
import dev.ssecluster.model.GroupMember;
import dev.ssecluster.model.GroupMembers;
import dev.ssecluster.model.GroupPage;
import dev.ssecluster.problem.RefusedException;
import dev.ssecluster.stream.Stream;
import dev.ssecluster.stream.StreamInfo;
import dev.ssecluster.stream.Streams;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.function.Consumer;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/**
 * Who is in a group. Each node tells its own members behind the cursor, as many as a page may have; together these have the page. Between
 * nodes queries and lists are JSON, so that a newer node may say more. Thread-safe.
 */
@Component
final class Groups {

    private static final JsonMapper JSON = JsonMapper.shared();

    private final Asking asking;
    private final Streams streams;
    private final NodeId node;

    Groups(Asking asking, Streams streams, NodeId node, Backplane backplane) {
        this.asking = asking;
        this.streams = streams;
        this.node = node;
        backplane.onRequest(RequestKind.MEMBERS, this::answer);
    }

    /**
     * Blocks for 2 s at most.
     *
     * @throws RefusedException while Redis is away
     */
    GroupPage page(String group, MemberQuery query) {
        byte[] asked = JSON.writeValueAsBytes(query.withNext());
        Answers answers = asking.ask(Target.group(group), RequestKind.MEMBERS, asked);
        List<MemberList> lists = answers.bodies().stream().map(body -> JSON.readValue(body, MemberList.class)).toList();
        int count = lists.stream().mapToInt(MemberList::count).sum();
        List<GroupMember> found = query.withNext().select(lists.stream().flatMap(list -> list.members().stream()));
        boolean hasNext = found.size() > query.limit();
        List<GroupMember> members = hasNext ? found.subList(0, query.limit()) : found;
        return new GroupPage(
                new GroupMembers(group, count, members, answers.areComplete()),
                hasNext ? members.getLast().connectionId() : null);
    }

    /** A large group is sorted on a thread of its own, not on one that delivers. */
    void answer(Request request, Consumer<byte[]> answer) {
        var _ = streams.of(request.target()).thenAccept(members -> Thread.ofVirtual().name("sse-members").start(() ->
                answer.accept(list(members, JSON.readValue(request.body(), MemberQuery.class)))));
    }

    private byte[] list(List<Stream> members, MemberQuery query) {
        List<GroupMember> selected = query.select(members.stream().map(Stream::info).map(this::member));
        return JSON.writeValueAsBytes(new MemberList(members.size(), selected));
    }

    private GroupMember member(StreamInfo stream) {
        Instant since = Instant.EPOCH.plus(stream.sinceMicros(), ChronoUnit.MICROS);
        return new GroupMember(stream.connectionId(), stream.clientId(), stream.userId(), node.value(), since);
    }
}
