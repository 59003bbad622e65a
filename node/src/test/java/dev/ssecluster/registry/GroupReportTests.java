package dev.ssecluster.registry;

import dev.ssecluster.registry.GroupReport.Change;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class GroupReportTests {

    private final Set<String> groups = new HashSet<>(Set.of("a", "b"));
    private final Set<String> known = new HashSet<>(Set.of("of somebody else"));
    private final GroupReport report = new GroupReport(() -> Set.copyOf(groups));

    /** What Redis makes of it. */
    private void apply(Change change) {
        if (change.anew()) {
            known.clear();
        }
        known.addAll(change.added());
        known.removeAll(change.removed());
    }

    private Change tell() {
        Change change = report.change();
        apply(change);
        report.reported(change, true);
        return change;
    }

    @Test
    void whenSomethingChangesThenOnlyThatIsTold() {
        assertThat(tell().anew()).isTrue();
        assertThat(known).isEqualTo(groups);
        groups.remove("a");
        groups.add("c");
        Change change = tell();
        assertThat(change.anew()).isFalse();
        assertThat(change.added()).containsExactly("c");
        assertThat(change.removed()).containsExactly("a");
        assertThat(tell().added()).isEmpty();
    }

    @Test
    void whenItIsNotCertainThatRedisHasHeardThenAllIsToldAnew() {
        tell();
        groups.add("c");
        Change lost = report.change();
        apply(lost); // it has, but its answer was lost
        report.reported(lost, false);
        groups.remove("c");
        assertThat(tell().anew()).isTrue();
        assertThat(known).isEqualTo(Set.of("a", "b"));
    }

    @Test
    void whenRedisMayHaveLostItWhileAReportIsUnderWayThenAllIsToldAnew() {
        Change underWay = report.change();
        report.forget();
        report.reported(underWay, true);
        assertThat(tell().anew()).isTrue();
        assertThat(known).isEqualTo(groups);
    }

    @Test
    void whenThereAreManyThenTheyAreToldInParts() {
        groups.addAll(IntStream.range(0, 5_000).mapToObj(i -> "g" + i).collect(Collectors.toSet()));
        assertThat(tell().isFull()).isTrue();
        assertThat(tell().isFull()).isTrue();
        assertThat(tell().isFull()).isFalse();
        assertThat(known).isEqualTo(groups);
        groups.clear();
        assertThat(tell().removed()).hasSize(2_000);
    }
}
