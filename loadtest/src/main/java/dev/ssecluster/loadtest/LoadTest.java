package dev.ssecluster.loadtest;

import java.io.PrintStream;
import java.net.http.HttpClient;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;

/** The program: checks a running cluster, see {@link CommandLine#HELP}. */
public final class LoadTest {

    private static final int GOOD = 0;
    private static final int FAULTY = 1;
    private static final int NOT_STARTED = 2;

    private final PrintStream out;
    private final Options options;

    private LoadTest(PrintStream out, Options options) {
        this.out = out;
        this.options = options;
    }

    public static void main(String... arguments) throws InterruptedException {
        System.exit(run(System.out, System.err, arguments));
    }

    /** Returns the exit status. */
    static int run(PrintStream out, PrintStream err, String... arguments) throws InterruptedException {
        if (List.of(arguments).contains("--help")) {
            out.print(CommandLine.HELP);
            return GOOD;
        }
        try {
            return new LoadTest(out, CommandLine.parse(arguments)).run();
        } catch (CommandLine.UsageException e) {
            err.println("loadtest: " + e.getMessage() + " (see --help)");
        } catch (Audience.NotOpenedException e) {
            err.println("loadtest: " + e.getMessage());
        }
        return NOT_STARTED;
    }

    private int run() throws Audience.NotOpenedException, InterruptedException {
        Plan plan = new Plan(HexFormat.of().toHexDigits(new SecureRandom().nextInt()), options);
        Ledger ledger = new Ledger(plan);
        try (Audience audience = Audience.open(client(), options, plan)) {
            out.printf("%d streams open on %d nodes; sending %d events/s for %d s%n%n",
                    audience.subscriptions().size(), options.nodes().size(), options.rate(), options.seconds());
            new Publisher(client(), options, ledger).publish();
            audience.awaitArrivals(ledger);
            Report report = new Report(out, Checker.check(ledger, audience.subscriptions()));
            report.print(ledger, audience.reconnections(), audience.resets());
            return report.isGood() ? GOOD : FAULTY;
        }
    }

    /** Without redirects and proxies, either of which could lead away from loopback. */
    private static HttpClient client() {
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .proxy(HttpClient.Builder.NO_PROXY)
                .connectTimeout(Duration.ofSeconds(5))
                .build();
    }
}
