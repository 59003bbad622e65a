package dev.ssecluster.limit;

import java.util.HashMap;
import java.util.Map;
import org.eclipse.jetty.http2.HTTP2Connection;
import org.eclipse.jetty.http2.api.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A connection that speaks HTTP/2. It shows no request before its head is complete; so bytes that come for longer than a head may
 * take, without any request open or beginning, are taken for a head that does not end (or for pings, which deserve no better).
 * A connection with open requests may bring such a head as well, but it ties up nothing beside them.
 */
final class Http2Watched implements Watched {

    private final HTTP2Connection connection;
    private final Times times;
    private final Map<Integer, Long> receiving = new HashMap<>(0); // requests whose bodies come, with the time they were first seen
    private long requests;
    private long bytes;
    private long began; // when the first of the bytes came that belong to no request
    private long lastCame;
    private boolean isBetween; // since the last request ended no byte has come

    Http2Watched(HTTP2Connection connection, Times times, long opened) {
        this.connection = connection;
        this.times = times;
        this.began = opened;
        this.lastCame = opened;
    }

    @Override
    public @Nullable Lateness late(long now) {
        boolean isChanged = bytes != connection.getBytesIn();
        bytes = connection.getBytesIn();
        if (isChanged || !receiving.isEmpty()) {
            lookAtBodies(now);
        }
        if (receiving.values().stream().anyMatch(since -> now - since > times.request())) {
            return Lateness.BODY;
        }
        return hasRequests() ? startOver() : lateHead(isChanged, now);
    }

    private boolean hasRequests() {
        long before = requests;
        requests = connection.getMessagesIn();
        return requests != before || connection.getMessagesOut() < requests;
    }

    private @Nullable Lateness startOver() {
        isBetween = true;
        return null;
    }

    private @Nullable Lateness lateHead(boolean isChanged, long now) {
        if (requests == 0) {
            return now - began > times.head() ? Lateness.SILENT : null;
        }
        if (isChanged) {
            began = isBetween ? now : began;
            isBetween = false;
            lastCame = now;
        }
        return !isBetween && lastCame - began > times.head() ? Lateness.HEAD : null;
    }

    private void lookAtBodies(long now) {
        Map<Integer, Long> before = Map.copyOf(receiving);
        receiving.clear();
        for (Stream stream : connection.getSession().getStreams()) {
            if (!stream.isRemotelyClosed()) {
                receiving.put(stream.getId(), before.getOrDefault(stream.getId(), now));
            }
        }
    }
}
