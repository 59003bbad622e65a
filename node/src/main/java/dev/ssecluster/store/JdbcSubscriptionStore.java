package dev.ssecluster.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Subscriptions in {@code app_sse_subscription}. */
final class JdbcSubscriptionStore implements SubscriptionStore {

    private static final int USERS_AT_ONCE = 1_000;
    private static final String SEPARATOR = ",";
    private static final String COLUMNS = "SELECT user_id, group_name, event_types, status, self_made, created_at FROM app_sse_subscription"
            + " FORCE INDEX (idx_user_group)";

    /** From left to right, so that the status is the old one until it is set; one that was made for the user stays so. */
    private static final String UPSERT = "INSERT INTO app_sse_subscription"
            + " (user_id, group_name, event_types, status, self_made, created_at, updated_at) VALUES (?, ?, ?, 1, ?, ?, UTC_TIMESTAMP(6))"
            + " ON DUPLICATE KEY UPDATE created_at = IF(status = 1, created_at, VALUES(created_at)),"
            + " self_made = IF(status = 1, LEAST(self_made, VALUES(self_made)), VALUES(self_made)),"
            + " status = 1, event_types = VALUES(event_types), updated_at = VALUES(updated_at)";

    private final Database database;

    JdbcSubscriptionStore(Database database) {
        this.database = database;
    }

    @Override
    public Optional<Subscription> subscribe(Wish wish, int most) {
        return database.transaction(() -> {
            List<Subscription> before = list(wish.user());
            if (before.size() >= most && find(before, wish.group()).isEmpty()) {
                return Optional.empty();
            }
            database.update(new Sql(UPSERT, wish.user(), wish.group(), column(wish.types()), wish.isSelfMade() ? 1 : 0,
                    Micros.toDate(wish.since())));
            return find(list(wish.user()), wish.group());
        });
    }

    @Override
    public boolean unsubscribe(String user, String group) {
        return database.call(() -> database.update(
                new Sql("DELETE FROM app_sse_subscription WHERE user_id = ? AND group_name = ?", user, group))) > 0;
    }

    @Override
    public Map<String, List<Subscription>> of(Collection<String> users) {
        Map<String, List<Subscription>> found = new HashMap<>();
        Chunks.of(new HashSet<>(users), USERS_AT_ONCE).forEach(chunk -> found.putAll(database.call(() -> select(chunk))));
        return found;
    }

    private List<Subscription> list(String user) {
        return select(List.of(user)).getOrDefault(user, List.of());
    }

    private Map<String, List<Subscription>> select(Collection<String> users) {
        Map<String, List<Subscription>> found = new HashMap<>();
        Sql sql = new Sql(COLUMNS + " WHERE user_id IN ").in(users).add(" ORDER BY user_id, group_name");
        database.forEach(sql, row -> found.computeIfAbsent(row.getString("user_id"), _ -> new ArrayList<>()).add(subscription(row)));
        return found;
    }

    private static Optional<Subscription> find(List<Subscription> some, String group) {
        return some.stream().filter(each -> each.group().equals(group)).findFirst();
    }

    private static Subscription subscription(ResultSet row) throws SQLException {
        return new Subscription(
                row.getString("group_name"),
                types(row.getString("event_types")),
                row.getInt("status") == 1,
                row.getInt("self_made") != 0,
                Micros.ofExpiry(row.getObject("created_at", LocalDateTime.class)));
    }

    private static @Nullable String column(Set<String> types) {
        return types.isEmpty() ? null : String.join(SEPARATOR, types);
    }

    /** A predecessor may have written blanks between them. */
    private static Set<String> types(@Nullable String column) {
        Set<String> types = new LinkedHashSet<>();
        for (String type : column == null ? new String[0] : column.split(SEPARATOR)) {
            if (!type.isBlank()) {
                types.add(type.strip());
            }
        }
        return Collections.unmodifiableSet(types);
    }
}
