package dev.ssecluster.test;

import dev.ssecluster.event.Target;
import dev.ssecluster.test.Ledger.Fate;
import dev.ssecluster.test.Ledger.Line;
import dev.ssecluster.test.ResumingClient.Receipt;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Compares what a client received, on all its connections together, with what was accepted for it after its first cursor:
 * nothing lost, nothing twice, ascending within a priority, nothing that was refused or for others, nothing after its expiry.
 * One thread; after all sends and receipts.
 */
public final class Delivery {

    private static final int PRIORITIES = 3;
    private static final long LATENESS = 2_000_000; // microseconds between the server's write and our clock, on a busy machine

    private static final long CLOCK_TICK = 1_000;

    private final Ledger ledger;
    private final boolean resetsAllowed;
    private final long end;

    private Delivery(Ledger ledger, boolean resetsAllowed) {
        this.ledger = ledger;
        this.resetsAllowed = resetsAllowed;
        this.end = ledger.accepted().stream().mapToLong(Line::id).max().orElse(0);
    }

    /** No {@code sse.reset} may have come. */
    public static Delivery complete(Ledger ledger) {
        return new Delivery(ledger, false);
    }

    /** Unpersisted events may be missing if an {@code sse.reset} told so before anything later of their priority. */
    public static Delivery withResets(Ledger ledger) {
        return new Delivery(ledger, true);
    }

    /** Whether everything has arrived that must; faults of other kinds are for later. */
    public boolean isDone(ResumingClient client, Set<Target> targets) {
        return client.isConnected() && missing(client, targets, Seen.of(client, ledger)).isEmpty();
    }

    /** All that is wrong; empty when nothing is. */
    public List<String> faults(ResumingClient client, Set<Target> targets) {
        Seen seen = Seen.of(client, ledger);
        List<String> faults = new ArrayList<>(ledger.violations());
        if (client.failure() != null) {
            faults.add("gave up after " + client.failure());
        }
        if (!resetsAllowed && !client.data("sse.reset").isEmpty()) {
            faults.add("reset " + client.data("sse.reset"));
        }
        missing(client, targets, seen).forEach(line -> faults.add("lost " + line + seen.around(line)));
        seen.events.forEach(event -> check(event, targets, faults));
        checkOrder(seen, faults);
        return faults;
    }

    private List<Line> missing(ResumingClient client, Set<Target> targets, Seen seen) {
        long first = client.received().stream().filter(receipt -> receipt.type().equals("connected"))
                .findFirst().map(Receipt::id).orElse(0L);
        return ledger.lines(line -> line.isAccepted() && line.id() > first && targets.contains(line.message().target())
                && line.expiresAt() > end + 60_000_000 && !seen.numbers.contains(line.message().number())
                && !(resetsAllowed && !line.message().persist() && seen.hasResetFor(line)));
    }

    private static void check(Event event, Set<Target> targets, List<String> faults) {
        Line line = event.line;
        if (line == null || line.fate() == Fate.NOT_SENT || (line.isAccepted() && line.id() != event.receipt.id())) {
            faults.add("unexpected " + event + " of " + line);
        } else if (!targets.contains(line.message().target())) {
            faults.add("for others " + event);
        } else if (line.isAccepted() && event.receipt.micros() > saturatedSum(line.expiresAt(), LATENESS)) {
            faults.add("expired " + event);
        }
    }

    private static long saturatedSum(long a, long b) {
        return a > Long.MAX_VALUE - b ? Long.MAX_VALUE : a + b;
    }

    private static void checkOrder(Seen seen, List<String> faults) {
        Set<Long> ids = new HashSet<>();
        long[] last = new long[PRIORITIES];
        for (Event event : seen.events) {
            int priority = event.priority();
            if (!ids.add(event.receipt.id())) {
                faults.add("twice " + event);
            } else if (event.receipt.id() < last[priority]) {
                faults.add("out of order, after " + last[priority] + ": " + event);
            }
            last[priority] = Math.max(last[priority], event.receipt.id());
        }
    }

    /** One event of the client's; {@code position} among all it received. */
    private record Event(int position, Receipt receipt, @Nullable Line line) {

        int priority() {
            return line == null ? 0 : line.message().priority();
        }
    }

    /** @param resets where they stand, and when they came */
    private record Seen(List<Event> events, Set<Integer> numbers, Map<Integer, Long> resets) {

        static Seen of(ResumingClient client, Ledger ledger) {
            List<Receipt> all = List.copyOf(client.received());
            List<Event> events = new ArrayList<>();
            Set<Integer> numbers = new HashSet<>();
            Map<Integer, Long> resets = new LinkedHashMap<>();
            for (int i = 0; i < all.size(); i++) {
                if (!all.get(i).isOfServer()) {
                    int number = Message.numberIn(all.get(i).event().data());
                    events.add(new Event(i, all.get(i), ledger.line(number)));
                    numbers.add(number);
                } else if (all.get(i).type().equals("sse.reset")) {
                    resets.put(i, all.get(i).micros());
                }
            }
            return new Seen(events, numbers, resets);
        }

        /**
         * Whether one told of it: before anything later of its priority, and after it was sent. What was stored meanwhile may follow that
         * reset although it is older.
         */
        boolean hasResetFor(Line missing) {
            int next = next(missing);
            return resets.entrySet().stream().anyMatch(reset -> reset.getKey() < next && reset.getValue() + CLOCK_TICK >= missing.sent());
        }

        /** Where the event would have stood, and where resets do. */
        String around(Line missing) {
            return " before the receipt " + next(missing) + ", resets at " + resets.keySet();
        }

        private int next(Line missing) {
            return peers(missing).filter(event -> event.receipt.id() > missing.id()).mapToInt(Event::position).min()
                    .orElse(Integer.MAX_VALUE);
        }

        private Stream<Event> peers(Line missing) {
            return events.stream().filter(event -> event.priority() == missing.message().priority());
        }
    }
}
