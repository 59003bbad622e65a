package dev.ssecluster.proof;

import dev.ssecluster.event.Target;
import dev.ssecluster.test.Delivery;
import dev.ssecluster.test.ResumingClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.awaitility.core.ConditionTimeoutException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** A client and whom it listens for. */
record Subject(String name, ResumingClient client, Set<Target> targets) {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    static void awaitConnected(Collection<Subject> subjects) {
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(20))
                .until(() -> subjects.stream().allMatch(subject -> subject.client.isConnected()));
    }

    /** Waits until nothing is missing any more, then checks that nothing else is wrong. */
    static void awaitExactly(Delivery delivery, Collection<Subject> subjects) {
        List<Subject> waiting = new ArrayList<>(subjects);
        try {
            await().atMost(PATIENCE).pollInterval(Duration.ofMillis(20)).until(() -> {
                waiting.removeIf(subject -> subject.client.failure() != null || delivery.isDone(subject.client, subject.targets));
                return waiting.isEmpty();
            });
        } catch (ConditionTimeoutException e) {
            assertThat(waiting).isNotEmpty(); // the faults below say what is missing
        }
        assertThat(faults(delivery, subjects)).isEmpty();
    }

    private static Map<String, List<String>> faults(Delivery delivery, Collection<Subject> subjects) {
        Map<String, List<String>> faults = new LinkedHashMap<>();
        for (Subject subject : subjects) {
            List<String> wrong = delivery.faults(subject.client, subject.targets);
            if (!wrong.isEmpty() && faults.size() < 5) { // the first ones tell enough
                faults.put(subject.name, wrong.subList(0, Math.min(10, wrong.size())));
            }
        }
        return faults;
    }

    /** Each is still on its first connection. */
    static void assertNeverClosed(Collection<Subject> subjects) {
        assertThat(subjects).extracting(subject -> subject.client.connections()).containsOnly(1);
    }

    static void close(Collection<Subject> subjects) {
        subjects.forEach(subject -> subject.client.close());
    }
}
