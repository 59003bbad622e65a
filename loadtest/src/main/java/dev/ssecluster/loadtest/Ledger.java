package dev.ssecluster.loadtest;

import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.stream.IntStream;

/** What became of every send. Each entry is written by the thread that sends it; all may read. */
final class Ledger {

    private static final long UNKNOWN = 0; // also while there is no answer yet: it may or may not arrive
    private static final long REFUSED = -1;

    private final Plan plan;
    private final AtomicLongArray sentNanos;
    private final AtomicLongArray answers; // the event id where it was accepted

    Ledger(Plan plan) {
        this.plan = plan;
        this.sentNanos = new AtomicLongArray(plan.events());
        this.answers = new AtomicLongArray(plan.events());
    }

    /** Just before it is sent; by {@link System#nanoTime}. */
    void sent(int number, long nanos) {
        sentNanos.set(number, nanos);
    }

    /** Answered with 200 or 202. */
    void accepted(int number, long eventId) {
        answers.set(number, eventId);
    }

    /** Certainly not sent. */
    void refused(int number) {
        answers.set(number, REFUSED);
    }

    boolean isKnown(int number) {
        return number >= 0 && number < plan.events();
    }

    boolean isAccepted(int number) {
        return answers.get(number) > UNKNOWN;
    }

    boolean isRefused(int number) {
        return answers.get(number) == REFUSED;
    }

    long refused() {
        return IntStream.range(0, plan.events()).filter(this::isRefused).count();
    }

    /** Whether it may arrive under that event id. */
    boolean allows(int number, long eventId) {
        return isAccepted(number) ? answers.get(number) == eventId : !isRefused(number);
    }

    Plan plan() {
        return plan;
    }

    long nanosSince(int number, long nanos) {
        return nanos - sentNanos.get(number);
    }

    /** The numbers of the events that were accepted, by target. */
    Map<Target, BitSet> accepted() {
        Map<Target, BitSet> accepted = new HashMap<>();
        for (int number = 0; number < plan.events(); number++) {
            if (isAccepted(number)) {
                accepted.computeIfAbsent(plan.send(number).target(), target -> new BitSet()).set(number);
            }
        }
        return accepted;
    }
}
