package dev.ssecluster.proof;

import dev.ssecluster.test.Database;
import dev.ssecluster.test.Ledger;
import dev.ssecluster.test.Ledger.Line;
import dev.ssecluster.test.Message;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The rows of a ledger's messages: their numbers by event id. */
record Rows(Map<Long, List<Integer>> numbers) {

    static Rows of(Ledger ledger, Database database) {
        return since(ledger.accepted().stream().mapToLong(Line::id).min().orElse(Long.MAX_VALUE), database);
    }

    /** All of a database that only this test uses. */
    static Rows all(Database database) {
        return since(0, database);
    }

    private static Rows since(long first, Database database) {
        Map<Long, List<Integer>> numbers = new HashMap<>();
        for (String row : database.texts("select concat(event_id, ' ', data) from app_sse_message where id >= ?", first)) {
            String[] columns = row.split(" ", 2);
            numbers.computeIfAbsent(Long.parseLong(columns[0]), id -> new ArrayList<>()).add(Message.numberIn(columns[1]));
        }
        return new Rows(numbers);
    }

    /** Those that are not in the database exactly once, as themselves. */
    List<Line> missing(Collection<Line> lines) {
        return lines.stream().filter(line -> !List.of(line.message().number()).equals(numbers.get(line.id()))).toList();
    }

    boolean contains(long id, int number) {
        return numbers.getOrDefault(id, List.of()).contains(number);
    }
}
