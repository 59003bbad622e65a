package dev.ssecluster.limit;

import dev.ssecluster.problem.FieldFault;
import dev.ssecluster.problem.ProblemType;
import dev.ssecluster.problem.RefusedException;
import dev.ssecluster.security.Callers;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import io.github.bucket4j.TimeMeter;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

/**
 * How fast each caller sends through this node: a token bucket for each, of {@code burst} messages, into which {@code rate} flow
 * per second. In mode {@code none}, where all callers have one name, it is one for each client address, of IPv6 for each /64 block. A
 * bucket that is full again is as good as a new one, so such are forgotten when new callers come. Thread-safe, never blocks.
 */
@Component
public final class SendRates {

    private static final int MANY_CALLERS = 1_000;

    private final RateLimit limit;
    private final Supplier<String> caller;
    private final TimeMeter time;
    private final Map<String, Bucket> buckets = new ConcurrentHashMap<>();
    private int enough = MANY_CALLERS; // when there are more buckets than that, full ones are looked for

    @Autowired
    SendRates(RateLimit limit, Callers callers, ClientAddress addresses, HttpServletRequest request,
            @Value("${sse.security.mode}") String mode) {
        this(limit, mode.equals("none") ? () -> addresses.subscriberOf(request).getHostAddress() : () -> callers.current().name(),
                TimeMeter.SYSTEM_NANOTIME);
    }

    /** @param caller names the caller of the request that the thread serves */
    SendRates(RateLimit limit, Supplier<String> caller, TimeMeter time) {
        this.limit = limit;
        this.caller = caller;
        this.time = time;
    }

    /**
     * Lets that many messages of the current request's caller pass, all or none.
     *
     * @throws RefusedException when they are too many now, saying when they will not be; or more than ever pass together
     */
    public void take(int messages) {
        if (limit.rate() == 0 || messages == 0) {
            return;
        }
        if (messages > limit.burst()) {
            throw RefusedException.invalid(FieldFault.of("messages", "too-many", limit.burst()));
        }
        ConsumptionProbe probe = bucket(caller.get()).tryConsumeAndReturnRemaining(messages);
        if (!probe.isConsumed()) {
            throw RefusedException.of(ProblemType.TOO_MANY_REQUESTS).retryAfter(wait(probe));
        }
    }

    int callers() {
        return buckets.size();
    }

    /** At least a second, and never too early: the header has whole seconds. */
    private static Duration wait(ConsumptionProbe probe) {
        return Duration.ofSeconds(Duration.ofNanos(probe.getNanosToWaitForRefill()).plusNanos(999_999_999).toSeconds());
    }

    private Bucket bucket(String name) {
        Bucket known = buckets.get(name);
        if (known != null) {
            return known;
        }
        forgetFull();
        return buckets.computeIfAbsent(name, _ -> newBucket());
    }

    private Bucket newBucket() {
        return Bucket.builder()
                .addLimit(bandwidth -> bandwidth.capacity(limit.burst()).refillGreedy(limit.rate(), Duration.ofSeconds(1)))
                .withCustomTimePrecision(time)
                .build();
    }

    /** Only when their number has doubled since the last time, so that it costs little for each new caller. */
    private synchronized void forgetFull() {
        if (buckets.size() >= enough) {
            buckets.values().removeIf(bucket -> bucket.getAvailableTokens() >= limit.burst());
            enough = Math.max(MANY_CALLERS, 2 * buckets.size());
        }
    }
}
