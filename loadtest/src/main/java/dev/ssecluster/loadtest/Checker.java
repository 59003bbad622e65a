package dev.ssecluster.loadtest;

import dev.ssecluster.loadtest.Target.Kind;
import java.util.BitSet;
import java.util.Collection;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/**
 * Compares what each stream brought with what was accepted. Whatever was answered 200 must have arrived, once, and within a
 * priority in the order of the event ids; whatever was refused must not; whatever got no clear answer may.
 *
 * <p>One check, one object; one thread.
 */
final class Checker {

    private static final int PRIORITIES = 3;

    private final Ledger ledger;
    private final Map<Target, BitSet> accepted;
    private final Map<Kind, Tally> tallies = new EnumMap<>(Kind.class);

    private Checker(Ledger ledger) {
        this.ledger = ledger;
        this.accepted = ledger.accepted();
        for (Kind kind : Kind.values()) {
            tallies.put(kind, new Tally());
        }
        accepted.forEach((target, numbers) -> tally(target.kind()).accepted += numbers.cardinality());
    }

    /** The tallies by kind of target. */
    static Map<Kind, Tally> check(Ledger ledger, Collection<Subscription> subscriptions) {
        Checker checker = new Checker(ledger);
        subscriptions.forEach(checker::check);
        return checker.tallies;
    }

    private void check(Subscription subscription) {
        BitSet seen = new BitSet();
        long[] highest = new long[PRIORITIES];
        for (Receipt receipt : subscription.receipts()) {
            check(receipt, subscription.subscriber(), seen, highest);
        }
        subscription.subscriber().targets().forEach(target -> countLost(target, seen));
    }

    private void countLost(Target target, BitSet seen) {
        BitSet missing = (BitSet) accepted.getOrDefault(target, new BitSet()).clone();
        Tally tally = tally(target.kind());
        tally.expected += missing.cardinality();
        missing.andNot(seen);
        tally.lost += missing.cardinality();
    }

    private void check(Receipt receipt, Subscriber subscriber, BitSet seen, long[] highest) {
        if (!ledger.isKnown(receipt.number())) {
            tally(Kind.BROADCAST).unexpected++; // nobody knows whom it was for
            return;
        }
        Plan.Send send = ledger.plan().send(receipt.number());
        Tally tally = tally(send.target().kind());
        if (!subscriber.targets().contains(send.target()) || !ledger.allows(receipt.number(), receipt.id())) {
            tally.unexpected++;
        } else if (seen.get(receipt.number())) {
            tally.duplicate++;
        } else {
            seen.set(receipt.number());
            countReceived(receipt, tally, send.priority(), highest);
        }
    }

    private void countReceived(Receipt receipt, Tally tally, int priority, long[] highest) {
        tally.received++;
        tally.latency(ledger.nanosSince(receipt.number(), receipt.nanos()));
        if (receipt.id() < highest[priority]) {
            tally.outOfOrder++;
        }
        highest[priority] = Math.max(highest[priority], receipt.id());
    }

    private Tally tally(Kind kind) {
        return Objects.requireNonNull(tallies.get(kind));
    }
}
