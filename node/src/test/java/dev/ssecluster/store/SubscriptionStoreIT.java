package dev.ssecluster.store;

import dev.ssecluster.event.Cursor;
import dev.ssecluster.event.Target;
import dev.ssecluster.store.SubscriptionStore.Subscription;
import dev.ssecluster.store.SubscriptionStore.Wish;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

import static dev.ssecluster.store.TestStore.T0;
import static dev.ssecluster.store.TestStore.event;
import static org.assertj.core.api.Assertions.assertThat;

class SubscriptionStoreIT {

    private static final TestStore STORE = TestStore.create();

    private final SubscriptionStore subscriptions = STORE.subscriptions;
    private final String user = UUID.randomUUID().toString();

    @AfterAll
    static void close() {
        STORE.close();
    }

    @Test
    void whenSubscribedThenItIsListedUnderItsUserAndGroup() {
        subscribe("b", Set.of(), true, T0 + 1);
        subscribe("a", new LinkedHashSet<>(List.of("z", "y")), false, T0 + 2);
        assertThat(subscriptions.of(List.of(user, "nobody", user.toUpperCase(java.util.Locale.ROOT)))).isEqualTo(Map.of(user, List.of(
                new Subscription("a", Set.of("z", "y"), true, false, T0 + 2), new Subscription("b", Set.of(), true, true, T0 + 1))));
        assertThat(find("a").types()).containsExactly("z", "y");
    }

    @Test
    void whenSubscribedAgainThenTheTypesChangeAndItStaysAsOldAsItIs() {
        subscribe("g", Set.of("a"), true, T0);
        assertThat(subscribe("g", Set.of("b"), true, T0 + 9)).isEqualTo(new Subscription("g", Set.of("b"), true, true, T0));
    }

    @Test
    void whenItWasDisabledThenItBeginsAnew() {
        subscribe("g", Set.of(), false, T0);
        STORE.jdbc.update("UPDATE app_sse_subscription SET status = 0 WHERE user_id = ?", user);
        assertThat(find("g").isEnabled()).isFalse();
        assertThat(subscribe("g", Set.of(), true, T0 + 9)).isEqualTo(new Subscription("g", Set.of(), true, true, T0 + 9));
    }

    @Test
    void whenItWasMadeForTheUserThenItStaysSoWhoeverRepeatsIt() {
        subscribe("g", Set.of(), true, T0);
        assertThat(subscribe("g", Set.of(), false, T0).isSelfMade()).isFalse();
        assertThat(subscribe("g", Set.of(), true, T0).isSelfMade()).isFalse();
    }

    @Test
    void whenUnsubscribedThenItIsGoneAndAgainDoesNoHarm() {
        subscribe("g", Set.of(), true, T0);
        subscribe("h", Set.of(), true, T0);
        assertThat(subscriptions.unsubscribe(user, "g")).isTrue();
        assertThat(subscriptions.unsubscribe(user, "g")).isFalse();
        assertThat(subscriptions.of(List.of(user)).get(user)).extracting(Subscription::group).containsExactly("h");
    }

    @Test
    void whenThereAreAsManyAsAllowedThenOnlyKnownOnesCanBeMade() {
        IntStream.range(0, 3).forEach(i -> subscribe("g" + i, Set.of(), true, T0));
        assertThat(subscriptions.subscribe(new Wish(user, "g3", Set.of(), true, T0), 3)).isEmpty();
        assertThat(subscriptions.subscribe(new Wish(user, "g2", Set.of("a"), true, T0), 3)).isPresent();
        assertThat(subscriptions.of(List.of(user)).get(user)).hasSize(3);
    }

    @Test
    void whenManySubscribeAtOnceThenThereIsOneRow() throws Exception {
        List<Callable<Subscription>> calls = new ArrayList<>();
        IntStream.range(0, 40).forEach(i -> calls.add(() -> subscribe("g", Set.of("t" + i), true, T0 + i)));
        try (ExecutorService nodes = Executors.newFixedThreadPool(4)) {
            for (Future<Subscription> made : nodes.invokeAll(calls)) {
                assertThat(made.get().group()).isEqualTo("g");
            }
        }
        assertThat(subscriptions.of(List.of(user)).get(user)).hasSize(1);
    }

    @Test
    void whenThousandsOfUsersAreAskedForThenAllAreFound() {
        List<String> users = IntStream.range(0, 2_500).mapToObj(i -> user + i).toList();
        STORE.jdbc.batchUpdate("INSERT INTO app_sse_subscription (user_id, group_name, event_types, created_at, updated_at)"
                + " VALUES (?, 'g', 'a, b,', '2026-11-01 08:00:00', '2026-11-01 08:00:00')",
                users.stream().map(each -> new Object[] {each}).toList());
        Map<String, List<Subscription>> found = subscriptions.of(users);
        assertThat(found.keySet()).containsExactlyInAnyOrderElementsOf(users);
        assertThat(found.values()).allMatch(list -> list.size() == 1 && list.getFirst().types().equals(Set.of("a", "b"))
                && list.getFirst().isSelfMade() && list.getFirst().isEnabled());
    }

    @Test
    void whenAUserWithoutAPositionSubscribesThenItIsWrittenDownBeforeWhatIsPending() {
        Target owner = Target.user(user);
        STORE.positions.settle(owner, T0 + 50);
        assertThat(position(owner)).isEqualTo(new PositionStore.Start(Cursor.at(T0 + 50), true));
        STORE.positions.settle(owner, T0 + 20);
        assertThat(position(owner).cursor()).isEqualTo(Cursor.at(T0 + 50));
        Target other = Target.user(user + "2");
        STORE.storeAll(List.of(event(T0 + 30, other)));
        STORE.positions.settle(other, T0 + 50);
        assertThat(position(other)).isEqualTo(new PositionStore.Start(Cursor.at(T0 + 29), true));
    }

    private static PositionStore.Start position(Target owner) {
        return Objects.requireNonNull(STORE.positions.starts(List.of(owner), T0).get(owner));
    }

    private Subscription subscribe(String group, Set<String> types, boolean isSelfMade, long since) {
        return subscriptions.subscribe(new Wish(user, group, types, isSelfMade, since), 100).orElseThrow();
    }

    private Subscription find(String group) {
        return Objects.requireNonNull(subscriptions.of(List.of(user)).get(user)).stream()
                .filter(each -> each.group().equals(group)).findFirst().orElseThrow();
    }
}
