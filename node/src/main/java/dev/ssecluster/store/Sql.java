package dev.ssecluster.store;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A statement that is put together piece by piece, each with the values of its question marks. Not thread-safe. */
final class Sql {

    private final StringBuilder text = new StringBuilder();
    private final List<@Nullable Object> values = new ArrayList<>();

    Sql(String text, @Nullable Object... values) {
        add(text, values);
    }

    /** All results of all parts. Each part orders and limits itself. */
    static Sql unionAll(List<Sql> parts) {
        Sql all = new Sql("");
        for (Sql part : parts) {
            all.add(all.text.isEmpty() ? "(" : " UNION ALL (").add(part).add(")");
        }
        return all;
    }

    Sql add(String more, @Nullable Object... itsValues) {
        text.append(more);
        values.addAll(Arrays.asList(itsValues));
        return this;
    }

    Sql add(Sql other) {
        text.append(other.text);
        values.addAll(other.values);
        return this;
    }

    /** A list in parentheses. */
    Sql in(Collection<?> members) {
        text.append('(').append(String.join(", ", Collections.nCopies(members.size(), "?"))).append(')');
        values.addAll(members);
        return this;
    }

    String text() {
        return text.toString();
    }

    void bind(PreparedStatement statement) throws SQLException {
        for (int i = 0; i < values.size(); i++) {
            statement.setObject(i + 1, values.get(i)); // dates are LocalDateTime, which no driver converts
        }
    }
}
