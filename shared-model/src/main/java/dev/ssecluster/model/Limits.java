package dev.ssecluster.model;

/** How large the parts of a message may be. A node refuses what is larger; it never shortens anything. */
public final class Limits {

    /** Unicode characters (code points) of a user id, client id or group. */
    public static final int ID_CHARACTERS = 64;

    /** Characters of an event type. */
    public static final int EVENT_TYPE_CHARACTERS = 64;

    /** Characters of the event types of one {@link Subscribe}, joined with commas. */
    public static final int EVENT_TYPES_CHARACTERS = 255;

    /** Bytes of {@code data}: UTF-8, without insignificant white space. */
    public static final int DATA_BYTES = 65_535;

    /** Messages of one batch. */
    public static final int BATCH_MESSAGES = 1_000;

    /** Characters of an idempotency key. */
    public static final int IDEMPOTENCY_KEY_CHARACTERS = 128;

    /** Messages of one page, and of one {@link MarkRead}. */
    public static final int PAGE_MESSAGES = 1_000;

    /** Characters of an event id or of a stream's {@code id}. */
    public static final int EVENT_ID_CHARACTERS = 128;

    /** Seconds for which who was disconnected may be kept away. */
    public static final int BLOCK_SECONDS = 86_400;

    /** Seconds for which a final disconnect is remembered, unless it says otherwise. */
    public static final int FINAL_SECONDS = 600;

    private Limits() {}
}
