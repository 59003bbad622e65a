package dev.ssecluster.loadtest;

import dev.ssecluster.loadtest.Target.Kind;
import java.io.PrintStream;
import java.util.Locale;
import java.util.Map;

/** The result of a run as the user sees it. */
final class Report {

    private static final String ROW = "%-10s %9s %9s %9s %6s %10s %13s %11s %8s %8s %8s%n";

    private final PrintStream out;
    private final Map<Kind, Tally> tallies;
    private final Tally all = new Tally();

    Report(PrintStream out, Map<Kind, Tally> tallies) {
        this.out = out;
        this.tallies = tallies;
        tallies.values().forEach(all::add);
    }

    /** Something was accepted, and nothing was lost, duplicated or out of order. */
    boolean isGood() {
        return all.accepted > 0 && all.isClean();
    }

    void print(Ledger ledger, int reconnections, int resets) {
        int sends = ledger.plan().events();
        long refused = ledger.refused();
        out.printf(ROW, "target", "accepted", "expected", "received", "lost", "duplicate", "out of order", "unexpected",
                "p50 ms", "p99 ms", "max ms");
        tallies.forEach((kind, tally) -> printRow(kind.label(), tally));
        printRow("all", all);
        out.printf("%n%d of %d sends accepted, %d refused, %d without a clear answer; %d reconnections, %d sse.reset%n",
                all.accepted, sends, refused, sends - all.accepted - refused, reconnections, resets);
        out.println(verdict());
    }

    private String verdict() {
        if (all.accepted == 0) {
            return "Wrong: nothing was accepted";
        }
        return isGood() ? "Good: nothing lost, duplicated or out of order" : "Wrong: see the table";
    }

    private void printRow(String name, Tally tally) {
        out.printf(ROW, name, tally.accepted, tally.expected, tally.received, tally.lost, tally.duplicate, tally.outOfOrder,
                tally.unexpected, millis(tally, 0.5), millis(tally, 0.99), millis(tally, 1));
    }

    private static String millis(Tally tally, double share) {
        double millis = tally.latencyMillis(share);
        return Double.isNaN(millis) ? "-" : String.format(Locale.ROOT, "%.2f", millis);
    }
}
