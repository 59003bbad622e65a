package dev.ssecluster.store;

import dev.ssecluster.event.Cursor;
import dev.ssecluster.event.Target;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The rows of {@code app_sse_position}. */
final class PositionTable {

    private static final List<Target.Kind> OWNERS = List.of(Target.Kind.CLIENT, Target.Kind.USER); // in the order of the key, in which rows are locked
    private static final String POSITIONS = "SELECT owner_id, normal, high, urgent FROM app_sse_position FORCE INDEX (PRIMARY)";
    private static final String ROWS = "INSERT INTO app_sse_position (owner_type, owner_id, normal, high, urgent, updated_at) VALUES ";
    private static final String ROW = "(?, ?, ?, ?, ?, UTC_TIMESTAMP(6))";

    private final Database database;

    PositionTable(Database database) {
        this.database = database;
    }

    /** The user's, or before everything. */
    Cursor of(String user) {
        Target owner = Target.user(user);
        return of(List.of(owner)).getOrDefault(owner, Cursor.at(0));
    }

    /** Of those who have one. */
    Map<Target, Cursor> of(Collection<Target> owners) {
        return select(owners, "");
    }

    /** Of those who have one; they stay as they are until the end of this transaction. */
    Map<Target, Cursor> lock(Collection<Target> owners) {
        return select(owners, " ORDER BY owner_id FOR UPDATE");
    }

    private Map<Target, Cursor> select(Collection<Target> owners, String clause) {
        Map<Target, Cursor> found = new HashMap<>();
        for (Target.Kind kind : OWNERS) {
            List<String> names = owners.stream().filter(owner -> owner.kind() == kind).map(Target::name).toList();
            if (!names.isEmpty()) {
                Sql sql = new Sql(POSITIONS + " WHERE owner_type = ? AND owner_id IN ", kind.label()).in(names).add(clause);
                database.forEach(sql, row -> found.put(new Target(kind, row.getString("owner_id")), cursor(row)));
            }
        }
        return found;
    }

    private static Cursor cursor(ResultSet row) throws SQLException {
        long normal = row.getLong("normal");
        long high = row.getLong("high");
        long urgent = row.getLong("urgent");
        return new Cursor(Math.max(normal, Math.max(high, urgent)), normal, high, urgent);
    }

    /** Leaves those as they are that exist. */
    void insert(Map<Target, Cursor> positions) {
        write(positions, "owner_id = owner_id");
    }

    void replace(Map<Target, Cursor> positions) {
        write(positions, "normal = VALUES(normal), high = VALUES(high), urgent = VALUES(urgent), updated_at = VALUES(updated_at)");
    }

    private void write(Map<Target, Cursor> positions, String whereOneExists) {
        if (positions.isEmpty()) {
            return;
        }
        Sql sql = new Sql(ROWS);
        String separator = "";
        for (Target owner : positions.keySet().stream().sorted(JdbcPositionStore.ORDER).toList()) {
            Cursor position = positions.getOrDefault(owner, Cursor.at(0));
            sql.add(separator).add(ROW, owner.kind().label(), owner.name(), position.normal(), position.high(), position.urgent());
            separator = ", ";
        }
        database.update(sql.add(" ON DUPLICATE KEY UPDATE " + whereOneExists));
    }
}
