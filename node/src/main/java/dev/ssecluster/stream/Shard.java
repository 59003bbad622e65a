package dev.ssecluster.stream;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A delivery thread and its inbox. Any thread may {@link #post} work; the shard's own thread does it, in that order, on the
 * {@link ShardStreams} that it owns alone. A turn takes the work that is there, then writes.
 */
final class Shard implements Runnable {

    /** Work for this shard's thread. */
    interface Task {
        void runOn(ShardStreams streams);
    }

    private static final Logger log = LoggerFactory.getLogger(Shard.class);

    private static final int TASKS_A_TURN = 512;

    private final int index;
    private final ShardStreams streams;
    private final Queue<Task> inbox = new ConcurrentLinkedQueue<>();
    private final Thread thread;
    private volatile boolean parked;
    private volatile boolean stopped;

    Shard(int index, ShardStreams streams) {
        this.index = index;
        this.streams = streams;
        this.thread = Thread.ofPlatform().name("delivery-" + index).daemon().unstarted(this);
    }

    int index() {
        return index;
    }

    void start() {
        thread.start();
    }

    void post(Task task) {
        inbox.add(task);
        if (parked) {
            LockSupport.unpark(thread);
        }
    }

    void close(Stream stream, CloseReason reason) {
        post(owner -> owner.close(stream, reason));
    }

    /** Does what was posted before, then ends the thread; returns when it has ended or after {@code millis}. */
    void stop(long millis) throws InterruptedException {
        post(owner -> stopped = true);
        thread.join(millis);
    }

    @Override
    public void run() {
        while (!stopped) {
            try {
                turn();
            } catch (RuntimeException | Error e) {
                // A fault of ours. It has cost what it was about; the other streams of this shard must go on.
                log.error("A delivery turn failed because of a fault in this node", e);
            }
        }
    }

    private void turn() {
        boolean worked = drainInbox();
        boolean more = streams.endTurn(System.nanoTime());
        if (!worked && !more) {
            await();
        }
    }

    private boolean drainInbox() {
        int done = 0;
        Task task;
        while (done < TASKS_A_TURN && (task = inbox.poll()) != null) {
            task.runOn(streams);
            done++;
        }
        return done > 0;
    }

    /** A poster adds before it looks at {@code parked}, we set it before we look into the inbox: one of the two sees the other. */
    private void await() {
        parked = true;
        if (inbox.isEmpty()) {
            LockSupport.parkNanos(this, streams.nanosToNextTick(System.nanoTime()));
        }
        parked = false;
    }
}
