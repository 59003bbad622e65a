package dev.ssecluster.stream;

/**
 * What a heartbeat says. An idle stream of this shard has been served everything up to the last probe that came through the
 * shard's inbox, so that is its cursor; thus a quiet client's cursor does not age. It never goes backwards: a stream that is
 * further already, or that is held, gets a heartbeat without a cursor and keeps its own.
 */
final class Heartbeats {

    private static final byte[] EVENT = ServerEvents.heartbeatEvent(null);
    private static final byte[] COMMENT = ServerEvents.heartbeatComment(null);

    private long probe;
    private byte[] event = EVENT;
    private byte[] comment = COMMENT;

    void advanceTo(long id) {
        if (id > probe) {
            probe = id;
            event = ServerEvents.heartbeatEvent(Long.toString(id));
            comment = ServerEvents.heartbeatComment(Long.toString(id));
        }
    }

    byte[] blockFor(Stream stream) {
        boolean advances = stream.isLive() && probe >= stream.positions.highest();
        if (advances) {
            stream.positions.raiseAll(probe);
        }
        if (stream.heartbeatEvents) {
            return advances ? event : EVENT;
        }
        return advances ? comment : COMMENT;
    }
}
