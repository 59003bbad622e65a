package dev.ssecluster.limit;

import dev.ssecluster.problem.FieldFault;
import dev.ssecluster.problem.ProblemType;
import dev.ssecluster.problem.RefusedException;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import io.github.bucket4j.TimeMeter;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/**
 * How fast each caller sends through this node: a token bucket for each, of {@code burst} messages, into which {@code rate} flow
 * per second. A bucket that is full again is as good as a new one, so such are forgotten when new callers come. Thread-safe,
 * never blocks.
 */
@Component
public final class SendRates {

    private static final int MANY_CALLERS = 1_000;

    private final RateLimit limit;
    private final TimeMeter time;
    private final Map<String, Bucket> buckets = new ConcurrentHashMap<>();
    private int enough = MANY_CALLERS; // when there are more buckets than that, full ones are looked for

    @Autowired
    SendRates(RateLimit limit) {
        this(limit, TimeMeter.SYSTEM_NANOTIME);
    }

    SendRates(RateLimit limit, TimeMeter time) {
        this.limit = limit;
        this.time = time;
    }

    /**
     * Lets that many messages of a caller pass, all or none.
     *
     * @throws RefusedException when they are too many now, saying when they will not be; or more than ever pass together
     */
    public void take(String caller, int messages) {
        if (limit.rate() == 0 || messages == 0) {
            return;
        }
        if (messages > limit.burst()) {
            throw RefusedException.invalid(FieldFault.of("messages", "too-many", limit.burst()));
        }
        ConsumptionProbe probe = bucket(caller).tryConsumeAndReturnRemaining(messages);
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

    private Bucket bucket(String caller) {
        Bucket known = buckets.get(caller);
        if (known != null) {
            return known;
        }
        forgetFull();
        return buckets.computeIfAbsent(caller, _ -> newBucket());
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
