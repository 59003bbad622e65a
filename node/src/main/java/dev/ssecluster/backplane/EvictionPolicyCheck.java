package dev.ssecluster.backplane;

import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Warns, once, of a Redis that may throw keys away when its memory is full: history would be lost, and ids could repeat. */
final class EvictionPolicyCheck {

    private static final Logger log = LoggerFactory.getLogger(EvictionPolicyCheck.class);
    private static final String SETTING = "maxmemory-policy";
    private static final String WANTED = "noeviction";

    private final AtomicBoolean done = new AtomicBoolean();

    void check(Session session) {
        if (done.compareAndSet(false, true)) {
            var _ = session.redis().configGet(SETTING).whenComplete(EvictionPolicyCheck::report);
        }
    }

    private static void report(@Nullable Map<String, String> answer, @Nullable Throwable failure) {
        String policy = answer == null ? null : answer.get(SETTING);
        if (failure != null || policy == null) {
            log.warn("Could not read {} of Redis; make sure that it is {}", SETTING, WANTED);
        } else if (!policy.equals(WANTED)) {
            log.warn("Set {} of Redis to {}: with {} it may drop history and ids when memory is full", SETTING, WANTED, policy);
        }
    }
}
