package dev.ssecluster.docs;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What docs/api.md says of the calls: which there are, their parameters, and the fields of their bodies. */
final class DocumentedApi {

    /** {@code GET /messages?user_id=&status=}, in a code span or block. */
    private static final Pattern CALL = Pattern.compile("\\b(GET|POST|PUT|DELETE) (/[a-z/{}_]+)(?:\\?([a-z_=&]+))?(?=[ `\n])");
    private static final Pattern FIELD = Pattern.compile("\"(\\w{2,})\"");
    private static final Pattern NAME = Pattern.compile("`([\\w-]+)(?:=\\w+)?`");

    /** Not of the API itself. */
    private static final Pattern OTHERS = Pattern.compile("/(actuator|v3)/.*");

    private final String text = Document.read("docs/api.md").text();

    /** Each call with the names in its query, everywhere it is mentioned together. */
    Map<String, Set<String>> calls() {
        Map<String, Set<String>> calls = new TreeMap<>();
        CALL.matcher(text).results().filter(found -> !OTHERS.matcher(found.group(2)).matches()).forEach(found -> {
            Set<String> query = calls.computeIfAbsent(found.group(1) + " " + found.group(2), _ -> new TreeSet<>());
            if (found.group(3) != null) {
                Stream.of(found.group(3).split("=&?", -1)).filter(name -> !name.isEmpty()).forEach(query::add);
            }
        });
        return calls;
    }

    /** What the table of streams' parameters names. */
    Set<String> streamParameters() {
        Set<String> names = new TreeSet<>();
        section("## Streams\n", "\n    HTTP/1.1").lines().filter(line -> line.startsWith("| `"))
                .map(line -> line.substring(0, line.indexOf(" | ")))
                .forEach(cell -> NAME.matcher(cell).results().map(found -> found.group(1)).forEach(names::add));
        return names;
    }

    /** The fields that the rows with that call name; with an ellipsis, those of the table of fields, too. */
    Set<String> fields(String call) {
        Set<String> fields = new TreeSet<>();
        text.lines().filter(line -> line.startsWith("| `") && line.contains("`" + call + "`")).forEach(row -> {
            FIELD.matcher(row).results().map(DocumentedApi::first).forEach(fields::add);
            if (row.contains("…")) {
                addCommon(fields);
            }
        });
        return fields;
    }

    private void addCommon(Set<String> fields) {
        boolean hasTarget = fields.contains("target");
        section("## Sending\n", "\nOther fields").lines().filter(line -> line.matches("\\| `[a-z_]+` \\| .*")).forEach(row -> {
            String name = row.substring(3, row.indexOf('`', 3));
            if (!name.equals("target")) {
                fields.add(name);
            } else if (hasTarget) {
                FIELD.matcher(row).results().map(DocumentedApi::first).forEach(fields::add);
            }
        });
    }

    private static String first(MatchResult found) {
        return found.group(1);
    }

    private String section(String begin, String end) {
        int from = text.indexOf(begin);
        return text.substring(from, text.indexOf(end, from));
    }
}
