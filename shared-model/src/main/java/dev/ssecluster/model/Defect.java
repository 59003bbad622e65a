package dev.ssecluster.model;

/** What can be wrong with a name. {@link #message()} is English; a node translates by {@link #code()}. */
public enum Defect {
    EMPTY("empty", "must not be empty"),
    TOO_LONG("too-long", "is too long"),
    CONTROL_CHARACTER("control-character", "must not contain control characters or line separators"),
    UNPAIRED_SURROGATE("unpaired-surrogate", "must not contain half of a surrogate pair"),
    COMMA("comma", "must not contain a comma"),
    BLANK_AT_EDGE("blank-at-edge", "must not begin or end with a blank"),
    DOTS("dots", "must not be \".\" or \"..\""),
    EVENT_TYPE_CHARACTER("event-type-character", "may contain only A-Z a-z 0-9 . _ : -"),
    RESERVED("reserved", "is reserved: connected, error, open and what begins with \"sse.\""),
    NOT_VISIBLE_ASCII("not-visible-ascii", "may contain only visible ASCII characters");

    private final String code;
    private final String message;

    Defect(String code, String message) {
        this.code = code;
        this.message = message;
    }

    /** A stable name of this defect. */
    public String code() {
        return code;
    }

    /** A sentence without its subject, in English. */
    public String message() {
        return message;
    }
}
