package dev.ssecluster.admin;

import dev.ssecluster.model.GroupMember;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which members of a group are asked for.
 *
 * @param after the connection id behind which they begin; null: the first ones
 * @param limit how many at most
 */
record MemberQuery(@Nullable String after, int limit) {

    private static final Pattern CONNECTION_ID = Pattern.compile("[0-9a-f]{16}");

    /** Whether that may be a connection id. */
    static boolean isCursor(String text) {
        return CONNECTION_ID.matcher(text).matches();
    }

    /** As {@link #select}, with one more: whether there is a further page. */
    MemberQuery withNext() {
        return new MemberQuery(after, limit + 1);
    }

    /** Those that are asked for, by connection id. */
    List<GroupMember> select(Stream<GroupMember> members) {
        return members.filter(member -> after == null || member.connectionId().compareTo(after) > 0)
                .sorted(Comparator.comparing(GroupMember::connectionId))
                .limit(limit)
                .toList();
    }
}
