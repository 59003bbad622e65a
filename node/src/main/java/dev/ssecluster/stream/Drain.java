package dev.ssecluster.stream;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends the streams of a node that stops away, in waves of random ones, evenly over the window, so that they come to the other
 * nodes evenly. A stream that is just being opened waits for a later wave, in which it can be told; the last one takes all.
 */
final class Drain {

    private static final Logger log = LoggerFactory.getLogger(Drain.class);

    private static final long WAVE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final int SMALLEST_WAVE = 5;
    private static final long ANSWER_SECONDS = 1;

    private final Streams streams;
    private final RetryDelay retry;
    private final long end;
    private List<Stream> left = List.of();

    Drain(Streams streams, Duration window) {
        this.streams = streams;
        this.retry = streams.retry();
        this.end = System.nanoTime() + window.toNanos();
    }

    /** Blocks for at most the window and a second or two; there may be streams left only where a shard does not answer. */
    void run() {
        streams.refuse();
        int all = streams.count();
        streams.meters().draining();
        log.info("Sending {} streams away", all);
        try {
            sendInWaves();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            log.error("Not all streams could be told to go, because of a fault in this node", e);
        }
    }

    private void sendInWaves() throws InterruptedException, ExecutionException {
        long next = System.nanoTime();
        while (streams.count() > 0 && next - end < 0) {
            wave(next);
            next += WAVE_NANOS;
            pause(next);
        }
    }

    private void wave(long now) throws InterruptedException, ExecutionException {
        if (left.isEmpty()) {
            left = all();
        }
        long waves = Math.max(1, (end - now) / WAVE_NANOS);
        int size = (int) Math.min(left.size(), Math.max(SMALLEST_WAVE, (left.size() + waves - 1) / waves));
        List<Stream> wave = left.subList(left.size() - size, left.size());
        wave.forEach(stream -> streams.sendAwayIfOpen(stream, CloseReason.DRAIN, retry.next()));
        wave.clear();
    }

    /** In random order. None while a shard is busy: then the next wave asks again. */
    private List<Stream> all() throws InterruptedException, ExecutionException {
        try {
            List<Stream> all = new ArrayList<>(streams.all().get(ANSWER_SECONDS, TimeUnit.SECONDS));
            Collections.shuffle(all);
            return all;
        } catch (TimeoutException e) {
            log.warn("A shard is too busy to say which streams there are; asking again");
            return List.of();
        }
    }

    private static void pause(long until) throws InterruptedException {
        long nanos = until - System.nanoTime();
        if (nanos > 0) {
            TimeUnit.NANOSECONDS.sleep(nanos);
        }
    }
}
