package dev.ssecluster.docs;

import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A query in PromQL, as far as a test needs to understand it: which metrics and labels it names. */
record PromQuery(String text) {

    private static final Pattern MATCHERS = Pattern.compile("\\{([^}]*)}");
    private static final Pattern LABEL = Pattern.compile("(\\w+)\\s*(?:=~|!~|!=|=)\\s*\"([^\"]*)\"");
    private static final Pattern GROUPING = Pattern.compile("\\b(?:by|without|on|ignoring|group_left|group_right)\\s*\\(([^)]*)\\)");
    private static final Pattern NAME = Pattern.compile("(?<![\\w:.$])[a-zA-Z_:][\\w:]*(?!\\s*\\(|[\\w:])");
    private static final Pattern COMMA = Pattern.compile(",");
    private static final Set<String> KEYWORDS = Set.of("and", "or", "unless", "bool", "offset");

    /** The names of its metrics. */
    Set<String> metrics() {
        String rest = MATCHERS.matcher(text).replaceAll("").replaceAll("\\[[^]]*]", "").replaceAll("\"[^\"]*\"", "");
        rest = GROUPING.matcher(rest).replaceAll(" ");
        return NAME.matcher(rest).results().map(MatchResult::group).filter(name -> !KEYWORDS.contains(name))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** The labels that it selects or groups by. */
    Set<String> labels() {
        Set<String> labels = new TreeSet<>();
        MATCHERS.matcher(text).results().flatMap(each -> LABEL.matcher(each.group(1)).results()).forEach(each -> labels.add(each.group(1)));
        GROUPING.matcher(text).results().forEach(each -> {
            COMMA.splitAsStream(each.group(1)).map(String::strip).forEach(labels::add);
        });
        labels.remove("");
        return labels;
    }

    /** The values that it selects a label by, but for variables of a dashboard. */
    Set<String> values() {
        return MATCHERS.matcher(text).results()
                .flatMap(each -> LABEL.matcher(each.group(1)).results())
                .flatMap(each -> Pattern.compile("\\|").splitAsStream(each.group(2)))
                .filter(value -> !value.startsWith("$") && !value.contains("."))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
