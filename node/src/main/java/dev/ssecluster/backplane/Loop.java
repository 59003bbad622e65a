package dev.ssecluster.backplane;

import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The one thread on which connections are opened, watched and replaced, and the timers. Nothing on it blocks. */
final class Loop extends ScheduledThreadPoolExecutor {

    private static final Logger log = LoggerFactory.getLogger(Loop.class);

    Loop() {
        super(
                1,
                Thread.ofPlatform().name("sse-backplane").daemon().factory(),
                new ThreadPoolExecutor.DiscardPolicy()); // what comes after stop is of no use
        setRemoveOnCancelPolicy(true);
    }

    /** Returns when no task runs any more. */
    void stop() {
        var _ = shutdownNow();
        close();
    }

    /** A task that throws is a bug; without this nobody would ever hear of it. */
    @Override
    protected void afterExecute(Runnable task, @Nullable Throwable thrown) {
        super.afterExecute(task, thrown);
        if (task instanceof Future<?> future && future.state() == Future.State.FAILED) {
            log.error("The backplane's loop failed", future.exceptionNow());
        }
    }
}
