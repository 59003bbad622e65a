package dev.ssecluster.clients;

import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** Every check of every client at every level, and how it went. */
final class Matrix {

    /** As many as two cores can bear without being late. */
    private static final int AT_ONCE = 70;

    private final Cluster cluster;
    private final Api api;
    private final List<Client> clients;
    private final Semaphore places = new Semaphore(AT_ONCE);
    private final AtomicInteger users = new AtomicInteger();
    private final Map<Case, String> failures = new ConcurrentHashMap<>();

    /** What is tried at once. */
    record Case(Client client, Level level, Check check) {

        @Override
        public String toString() {
            return client.name() + " " + level.words() + ", " + check;
        }
    }

    Matrix(Cluster cluster, List<Client> clients) {
        this.cluster = cluster;
        this.api = new Api(cluster.ports());
        this.clients = clients;
    }

    List<Client> clients() {
        return clients;
    }

    /**
     * Tries those checks, all at once.
     *
     * @param node the node on which the streams begin
     * @param action what happens when all are ready for a disaster
     */
    void run(Collection<Check> checks, int node, Runnable action) {
        List<Case> cases = cases(checks).toList();
        Disaster disaster = new Disaster(cases.size(), action);
        try (ExecutorService trials = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Case next : cases) {
                trials.execute(() -> run(next, node, disaster));
            }
        }
    }

    private Stream<Case> cases(Collection<Check> checks) {
        return checks.stream().flatMap(check -> clients.stream().flatMap(client -> client.levels().keySet().stream()
                .map(level -> new Case(client, level, check))));
    }

    private void run(Case tried, int node, Disaster disaster) {
        places.acquireUninterruptibly();
        try (Balancer balancer = new Balancer(cluster.ports(), node);
                Trial trial = new Trial(api, newUser(tried), balancer, tried.client().at(tried.level()),
                        disaster::arriveAndAwaitAdvance)) {
            run(tried, trial);
        } catch (IOException e) {
            failures.put(tried, e.toString());
        } finally {
            places.release();
            disaster.arriveAndDeregister();
        }
    }

    private void run(Case tried, Trial trial) {
        try {
            tried.check().run(trial);
        } catch (RuntimeException | Error e) {
            failures.put(tried, e + "\n    " + trial);
        }
    }

    private String newUser(Case tried) {
        return (tried.client().name() + "-" + users.incrementAndGet()).toLowerCase(Locale.ROOT);
    }

    /** What went wrong, or null. */
    Map<Case, String> failures() {
        return failures;
    }

    /** The first level at which a client passes, as the table says it. */
    String cell(Client client, Check check) {
        return Stream.of(Level.values())
                .filter(level -> client.levels().containsKey(level))
                .filter(level -> !failures.containsKey(new Case(client, level, check)))
                .findFirst()
                .map(Level::words)
                .orElse("no");
    }
}
