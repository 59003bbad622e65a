package dev.ssecluster.model;

import java.util.Set;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/** What a name must look like. Each method answers {@code null} for a good name, else the first thing that is wrong with it. */
public final class Rules {

    /** EventSource dispatches {@code open} and {@code error} itself; a node sends the others. */
    private static final Set<String> RESERVED_TYPES = Set.of("connected", "error", "open");

    private static final String RESERVED_PREFIX = "sse.";

    private Rules() {}

    /** Checks a user id, client id or group. */
    public static @Nullable Defect id(String value) {
        if (value.isEmpty()) {
            return Defect.EMPTY;
        }
        if (isLonger(value, Limits.ID_CHARACTERS)) {
            return Defect.TOO_LONG;
        }
        if (value.equals(".") || value.equals("..")) {
            return Defect.DOTS; // a browser resolves these in a path before it sends it
        }
        if (isBlank(value.codePointAt(0)) || isBlank(value.codePointBefore(value.length()))) {
            return Defect.BLANK_AT_EDGE;
        }
        return firstDefect(value);
    }

    /** A loop, because every stream and every send comes here several times. */
    private static @Nullable Defect firstDefect(String value) {
        Defect defect = null;
        for (int i = 0; defect == null && i < value.length(); i = value.offsetByCodePoints(i, 1)) {
            defect = defectOfIdCharacter(value.codePointAt(i));
        }
        return defect;
    }

    /** Checks an event type. */
    public static @Nullable Defect eventType(String value) {
        if (value.isEmpty()) {
            return Defect.EMPTY;
        }
        if (value.length() > Limits.EVENT_TYPE_CHARACTERS) {
            return Defect.TOO_LONG;
        }
        if (!consistsOf(value, Rules::isEventTypeCharacter)) {
            return Defect.EVENT_TYPE_CHARACTER;
        }
        return RESERVED_TYPES.contains(value) || value.startsWith(RESERVED_PREFIX) ? Defect.RESERVED : null;
    }

    /** Checks an idempotency key. */
    public static @Nullable Defect idempotencyKey(String value) {
        if (value.isEmpty()) {
            return Defect.EMPTY;
        }
        if (value.length() > Limits.IDEMPOTENCY_KEY_CHARACTERS) {
            return Defect.TOO_LONG;
        }
        return consistsOf(value, c -> c > ' ' && c < 0x7F) ? null : Defect.NOT_VISIBLE_ASCII;
    }

    /** Checks an event id, of any form: whether there is such an event is another question. */
    public static @Nullable Defect eventId(String value) {
        if (value.isEmpty()) {
            return Defect.EMPTY;
        }
        return value.length() > Limits.EVENT_ID_CHARACTERS ? Defect.TOO_LONG : null;
    }

    private static boolean isLonger(String value, int codePoints) {
        return value.length() > codePoints && value.codePointCount(0, value.length()) > codePoints;
    }

    /** White space by Unicode; {@link Character#isWhitespace(int)} alone leaves out the no-break spaces. */
    private static boolean isBlank(int character) {
        return Character.isSpaceChar(character) || Character.isWhitespace(character);
    }

    private static @Nullable Defect defectOfIdCharacter(int character) {
        return switch (Character.getType(character)) {
            case Character.CONTROL, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> Defect.CONTROL_CHARACTER;
            case Character.SURROGATE -> Defect.UNPAIRED_SURROGATE;
            default -> character == ',' ? Defect.COMMA : null;
        };
    }

    private static boolean isEventTypeCharacter(int c) {
        return isBetween(c, 'a', 'z') || isBetween(c, 'A', 'Z') || isBetween(c, '0', '9') || "._:-".indexOf(c) >= 0;
    }

    private static boolean isBetween(int c, char first, char last) {
        return c >= first && c <= last;
    }

    private static boolean consistsOf(String value, IntPredicate allowed) {
        for (int i = 0; i < value.length(); i++) {
            if (!allowed.test(value.charAt(i))) {
                return false;
            }
        }
        return true;
    }
}
