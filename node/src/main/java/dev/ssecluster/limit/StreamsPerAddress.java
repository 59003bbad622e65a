package dev.ssecluster.limit;

import jakarta.servlet.http.HttpServletRequest;
import java.net.InetAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.stereotype.Component;

/**
 * Counts the streams of each client address on this node. An IPv6 address counts as its /64 block, which is what one subscriber
 * is given. While the limit is off nothing is kept. Thread-safe, never blocks.
 *
 * <p>A stream is entered before it is registered and leaves when it has closed, or when it was refused in between; leaving twice
 * does no harm, so whoever ends a stream may say so.
 */
@Component
public final class StreamsPerAddress {

    private final ClientAddress addresses;
    private final int most;
    private final Map<InetAddress, Integer> counts = new ConcurrentHashMap<>();
    private final Map<String, InetAddress> streams = new ConcurrentHashMap<>();

    StreamsPerAddress(ClientAddress addresses, AddressLimit limit) {
        this.addresses = addresses;
        this.most = limit.maxStreamsPerAddress();
    }

    /** Counts a stream that is about to open; false: its address has as many as it may, and nothing was counted. */
    public boolean enter(String connectionId, HttpServletRequest request) {
        return most == 0 || enter(connectionId, addresses.subscriberOf(request));
    }

    private boolean enter(String connectionId, InetAddress address) {
        boolean[] isFull = {false}; // the function runs once, under the lock of the address
        counts.compute(address, (_, count) -> {
            isFull[0] = count != null && count >= most;
            return isFull[0] ? count : Integer.valueOf(count == null ? 1 : count + 1);
        });
        if (!isFull[0]) {
            streams.put(connectionId, address);
        }
        return !isFull[0];
    }

    /** Ends what {@link #enter} has counted; without effect for a stream that is not counted. */
    public void leave(String connectionId) {
        InetAddress address = most == 0 ? null : streams.remove(connectionId);
        if (address != null) {
            counts.computeIfPresent(address, (_, count) -> count == 1 ? null : Integer.valueOf(count - 1));
        }
    }

    int addresses() {
        return counts.size();
    }
}
