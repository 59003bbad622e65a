package dev.ssecluster.limit;

import jakarta.servlet.http.HttpServletRequest;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.springframework.stereotype.Component;

/**
 * Where a request comes from. {@code X-Forwarded-For} counts only from trusted proxies, and only as far as they vouch for it: it
 * is read from the right, where the nearest proxy has written, to the first address that is no trusted proxy. What stands left
 * of that one the client may have made up. Thread-safe.
 */
@Component
public final class ClientAddress {

    private static final String FORWARDED_FOR = "X-Forwarded-For";

    private static final int SUBSCRIBER_BITS = 64;

    /** Of a connection that is closed already; all of them together count as one address. */
    private static final InetAddress UNKNOWN = InetAddress.ofLiteral("0.0.0.0");

    private final List<AddressRange> trusted;

    ClientAddress(ConnectionLimits limits) {
        this.trusted = limits.trustedProxies().stream().map(AddressRange::parse).toList();
    }

    /** The client's address, as far as it can be trusted. Resolves nothing. */
    public InetAddress of(HttpServletRequest request) {
        InetAddress nearest = Objects.requireNonNullElse(Addresses.ofHop(request.getRemoteAddr()), UNKNOWN);
        if (trusted.isEmpty() || !isTrusted(nearest)) {
            return nearest;
        }
        for (String hop : hopsFromTheRight(request)) {
            InetAddress next = Addresses.ofHop(hop);
            if (next == null) {
                return nearest;
            }
            nearest = next;
            if (!isTrusted(next)) {
                return next;
            }
        }
        return nearest;
    }

    /** What stands for all addresses of that client: of an IPv6 address the first of its /64 block, which one subscriber is given. */
    InetAddress subscriberOf(HttpServletRequest request) {
        InetAddress address = of(request);
        return address instanceof Inet6Address ? AddressRange.firstOf(address, SUBSCRIBER_BITS) : address;
    }

    private boolean isTrusted(InetAddress address) {
        return trusted.stream().anyMatch(range -> range.contains(address));
    }

    /** Each proxy appends, either to the last header or as a new one; both mean the same. */
    private static List<String> hopsFromTheRight(HttpServletRequest request) {
        List<String> hops = new ArrayList<>();
        for (String header : Collections.list(request.getHeaders(FORWARDED_FOR))) {
            Collections.addAll(hops, header.split(",", -1));
        }
        return hops.reversed();
    }
}
