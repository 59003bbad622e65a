package dev.ssecluster.body;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which fields an object may have: the body of each call, and the target of a message in a batch.
 *
 * @param targets the fields of which exactly one must be present; none when there is nothing to choose
 */
record Shape(Set<Field> fields, Set<Field> targets) {

    static final Shape TO_ONE = message(EnumSet.of(Field.USER_ID, Field.CLIENT_ID));
    static final Shape TO_GROUP = message(EnumSet.of(Field.GROUP));
    static final Shape TO_EVERYONE = message(EnumSet.noneOf(Field.class));
    static final Shape IN_BATCH = inBatch();
    static final Shape TARGET = target();

    /** The names of the targets, for a message. */
    String targetLabels() {
        return targets.stream().map(Field::label).collect(Collectors.joining(", "));
    }

    private static Shape message(EnumSet<Field> targets) {
        EnumSet<Field> fields = EnumSet.of(Field.EVENT_TYPE, Field.DATA, Field.PRIORITY, Field.PERSIST, Field.TTL);
        fields.addAll(targets);
        return new Shape(Collections.unmodifiableSet(fields), Collections.unmodifiableSet(targets));
    }

    private static Shape inBatch() {
        Shape message = message(EnumSet.of(Field.TARGET));
        EnumSet<Field> fields = EnumSet.copyOf(message.fields);
        fields.add(Field.IDEMPOTENCY_KEY);
        return new Shape(Collections.unmodifiableSet(fields), message.targets);
    }

    private static Shape target() {
        Set<Field> all = Collections.unmodifiableSet(
                EnumSet.of(Field.USER_ID, Field.CLIENT_ID, Field.GROUP, Field.BROADCAST));
        return new Shape(all, all);
    }
}
