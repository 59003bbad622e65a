package dev.ssecluster.metric;

/**
 * The names of all meters, and of their tags. A tag has few values, known in advance: never a user, a group or an address.
 * docs/metrics.md says what each of them is; a test compares that with a running node.
 */
public final class MeterNames {

    // Streams

    public static final String STREAMS_OPEN = "sse.streams.open";
    public static final String STREAMS_LIMIT = "sse.streams.limit";
    public static final String STREAMS_OPENED = "sse.streams.opened";
    public static final String STREAMS_CLOSED = "sse.streams.closed";
    public static final String STREAMS_UNSETTLED = "sse.streams.unsettled";
    public static final String DRAIN_ACTIVE = "sse.drain.active";

    /** Bytes that wait because their readers are slow. */
    public static final String QUEUE_BYTES = "sse.queue.bytes";

    /** Streams whose readers have not taken all of the last write yet. */
    public static final String QUEUE_STREAMS = "sse.queue.streams";

    // Events

    public static final String EVENTS_PUBLISHED = "sse.events.published";
    public static final String EVENTS_DELIVERED = "sse.events.delivered";
    public static final String EVENTS_DROPPED = "sse.events.dropped";

    /** Time from the acceptance of an event to its write here; sampled. */
    public static final String EVENTS_LATENCY = "sse.events.latency";

    /** Events in one write; sampled. */
    public static final String WRITE_EVENTS = "sse.write.events";

    // Replay

    public static final String REPLAY_RESUMED = "sse.replay.resumed";
    public static final String REPLAY_EVENTS = "sse.replay.events";
    public static final String REPLAY_BROKEN = "sse.replay.broken";

    /** Pages read with events in them. */
    public static final String REPLAY_READS = "sse.replay.reads";

    /** Time of one read of a source, for all streams that waited for it. */
    public static final String REPLAY_READ_TIME = "sse.replay.read.time";

    /** Events in those reads. */
    public static final String REPLAY_READ_EVENTS = "sse.replay.read.events";

    // Requests

    public static final String REFUSED = "sse.refused";
    public static final String CONNECTIONS_CUT = "sse.connections.cut";

    // Subscriptions

    /** Time until this node's streams have followed a change. */
    public static final String SUBSCRIPTIONS_FOLLOW = "sse.subscriptions.follow";

    /** Users with open streams here whose subscriptions could not be read. */
    public static final String SUBSCRIPTIONS_UNKNOWN = "sse.subscriptions.unknown";

    // Database and journal

    public static final String STORE_AVAILABLE = "sse.store.available";

    /** Rows in one call to the database; its count is the number of calls. */
    public static final String STORE_BATCH = "sse.store.batch";

    /** Time of one call to the database that stores, until its commit. */
    public static final String STORE_TIME = "sse.store.time";

    /** Entries of the journal, of the whole cluster. */
    public static final String JOURNAL_ENTRIES = "sse.journal.entries";

    /** Entries that the journal takes at most. */
    public static final String JOURNAL_LIMIT = "sse.journal.limit";

    /** Age of the oldest entry of the journal, seconds. */
    public static final String JOURNAL_AGE = "sse.journal.age";

    /** Entries that this node stored because the node that had sent them did not. */
    public static final String JOURNAL_RECOVERED = "sse.journal.recovered";

    /** Messages that the database refused for good. */
    public static final String JOURNAL_BURIED = "sse.journal.buried";

    public static final String RETENTION_DELETED = "sse.retention.deleted";
    public static final String RETENTION_TIME = "sse.retention.time";

    // Backplane

    public static final String BACKPLANE_READY = "sse.backplane.ready";

    /** Seconds from the sending of a probe until it was heard, or so far. */
    public static final String BACKPLANE_LAG = "sse.backplane.lag";

    /** Time from the sending of a probe until it was heard. */
    public static final String BACKPLANE_PROBE = "sse.backplane.probe";

    /** Probes for which a connection was given up. */
    public static final String BACKPLANE_PROBE_LOST = "sse.backplane.probe.lost";
    public static final String BACKPLANE_CHANNELS = "sse.backplane.channels";

    /** Messages in one call to Redis; its count is the number of calls. */
    public static final String BACKPLANE_PUBLISH_BATCH = "sse.backplane.publish.batch";

    /** Connections lost or given up. */
    public static final String BACKPLANE_CONNECTION_REPLACED = "sse.backplane.connection.replaced";

    /** Requests to the other nodes, and the time until each was over. */
    public static final String BACKPLANE_ASK = "sse.backplane.ask";

    /** Holes that a lost connection left, and the time until each was filled. */
    public static final String BACKPLANE_REPAIR = "sse.backplane.repair";

    public static final String BACKPLANE_FRAMES_SKIPPED = "sse.backplane.frames.skipped";

    // Registry

    /** Leases of streams that this node keeps in Redis. */
    public static final String PRESENCE_LEASES = "sse.presence.leases";

    public static final String PRESENCE_ANNOUNCED = "sse.presence.announced";

    /** Changes of leases in one call to Redis; its count is the number of calls. */
    public static final String REGISTRY_BATCH = "sse.registry.batch";

    /** Times that this node wrote all its streams again. */
    public static final String REGISTRY_RESTORED = "sse.registry.restored";

    /** Streams of dead nodes that this node removed. */
    public static final String REGISTRY_REMOVED = "sse.registry.removed";

    /** Streams that have gone, of which Redis does not know it yet. */
    public static final String REGISTRY_DEPARTURES = "sse.registry.departures";

    // Tags

    public static final String REASON = "reason";
    public static final String RESULT = "result";
    public static final String OUTCOME = "outcome";
    public static final String SOURCE = "source";
    public static final String STATUS = "status";
    public static final String EXTENT = "extent";
    public static final String CONNECTION = "connection";
    public static final String TARGET = "target";
    public static final String PRIORITY = "priority";
    public static final String PERSISTED = "persisted";

    private MeterNames() {}
}
