package dev.ssecluster.loadtest;

import java.net.URI;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class PlanTests {

    private final Plan plan = new Plan("ab", new Options(List.of(URI.create("http://[::1]:1"), URI.create("http://[::1]:2")), 200, 10, 12));

    @Test
    void whenManyEventsThenEveryKindPriorityAndNodeIsCombined() {
        Set<List<Object>> combinations = new HashSet<>();
        IntStream.range(0, plan.events()).mapToObj(plan::send)
                .forEach(send -> combinations.add(List.of(send.node(), send.target().kind(), send.priority())));
        assertThat(combinations).hasSize(2 * 4 * 3);
    }

    @Test
    void whenManyEventsThenEveryTargetOfEveryStreamIsReached() {
        Set<Target> reached = IntStream.range(0, plan.events()).mapToObj(plan::send).map(Plan.Send::target).collect(Collectors.toSet());
        assertThat(plan.subscribers()).hasSize(24).allSatisfy(each -> assertThat(reached).containsAll(each.targets()));
    }

    @Test
    void whenNamesAreSharedThenAcrossNodes() {
        assertThat(plan.subscribers().stream().collect(Collectors.groupingBy(Subscriber::user)).values())
                .allSatisfy(same -> assertThat(same).extracting(Subscriber::node).containsExactlyInAnyOrder(0, 1));
        assertThat(plan.subscribers().stream().collect(Collectors.groupingBy(Subscriber::group)).values())
                .hasSize(3).allSatisfy(same -> assertThat(same).extracting(Subscriber::node).contains(0, 1));
        assertThat(plan.subscribers().stream().collect(Collectors.groupingBy(Subscriber::client)).values())
                .allSatisfy(same -> assertThat(same).hasSize(3));
    }
}
