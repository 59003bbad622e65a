package dev.ssecluster.subscription;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;
import org.springframework.stereotype.Component;

/**
 * Lets many streams of a user begin together, but nothing else be done with the user's streams meanwhile. There are locks only for
 * users for whom something is done. Thread-safe; blocks, so it is for virtual threads.
 */
@Component
final class UserLocks {

    private final ConcurrentHashMap<String, UserLock> locks = new ConcurrentHashMap<>();

    private static final class UserLock {

        private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
        private int holders; // guarded by the map's lock for this key
    }

    /** While other streams of the user's may begin, too. */
    <T> T together(String user, Supplier<T> action) {
        UserLock used = use(user);
        try {
            return locked(used.lock.readLock(), action);
        } finally {
            leave(user);
        }
    }

    /** While nothing else is done with the user's streams. */
    <T> T alone(String user, Supplier<T> action) {
        UserLock used = use(user);
        try {
            return locked(used.lock.writeLock(), action);
        } finally {
            leave(user);
        }
    }

    int size() {
        return locks.size();
    }

    private static <T> T locked(Lock lock, Supplier<T> action) {
        lock.lock();
        try {
            return action.get();
        } finally {
            lock.unlock();
        }
    }

    private UserLock use(String user) {
        return locks.compute(user, (_, existing) -> {
            UserLock used = existing == null ? new UserLock() : existing;
            used.holders++;
            return used;
        });
    }

    private void leave(String user) {
        locks.computeIfPresent(user, (_, used) -> --used.holders == 0 ? null : used);
    }
}
