package dev.ssecluster.docs;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Of a Markdown document what has to be the same in every language. */
final class Translation {

    private static final Pattern FENCE = Pattern.compile("(?ms)^```.*?^```$");
    private static final Pattern INDENTED = Pattern.compile("(?m)(?:^ {4}(?! *[-*|]).*\\n)+");
    private static final Pattern COMMENT = Pattern.compile("(?m)(?:^|(?<=\\s))(?:#|//) .*$");
    private static final Pattern LABEL = Pattern.compile("\\(?\"[^\"]*\"\\)?|\\[[^\\]\"]*]");
    private static final Pattern SPAN = Pattern.compile("`((?:[^`\\n]|\\n(?!\\n))+)`");
    private static final Pattern LINK = Pattern.compile("]\\(([^)\\s]+)\\)|<(https?://[^>]+)>");
    private static final Pattern NUMBER = Pattern.compile("\\d{1,3}(?: \\d{3})+(?!\\d)|\\d+(?:[.,:]\\d+)*");
    private static final Pattern HEADING = Pattern.compile("(?m)^(#+) (.*)$");

    private final String text;
    private final String prose;

    Translation(String text) {
        this.text = text.replace("\r", "");
        this.prose = INDENTED.matcher(FENCE.matcher(this.text).replaceAll("")).replaceAll("");
    }

    /** Code, line by line, without comments; of diagrams without what is written in them. */
    List<String> code() {
        return Stream.concat(FENCE.matcher(text).results().map(MatchResult::group).map(Translation::withoutLabels),
                        INDENTED.matcher(FENCE.matcher(text).replaceAll("")).results().map(MatchResult::group))
                .flatMap(block -> COMMENT.matcher(block).replaceAll("").lines()).map(String::strip).filter(line -> !line.isEmpty()).toList();
    }

    private static String withoutLabels(String block) {
        return block.startsWith("```mermaid") ? LABEL.matcher(block).replaceAll("") : block;
    }

    /** What is in backticks: settings, calls, files, commands, fields. */
    Set<String> spans() {
        return SPAN.matcher(prose).results().map(found -> found.group(1).replaceAll("\\s+", " ")).collect(Collectors.toCollection(TreeSet::new));
    }

    /** Where links lead, but for those within the document and to the other language. */
    List<String> links() {
        return targets().filter(target -> !target.startsWith("#") && !target.startsWith("README")).sorted().toList();
    }

    /** Links within the document whose heading there is not. */
    List<String> brokenAnchors() {
        Set<String> anchors = HEADING.matcher(prose).results().map(found -> anchor(found.group(2))).collect(Collectors.toSet());
        return targets().filter(target -> target.startsWith("#") && !anchors.contains(target.substring(1))).toList();
    }

    private Stream<String> targets() {
        return LINK.matcher(prose).results().map(found -> found.group(1) != null ? found.group(1) : found.group(2));
    }

    /** As the usual renderers make it. */
    private static String anchor(String heading) {
        return heading.toLowerCase(Locale.ROOT).replaceAll("[^\\p{L}\\p{N} _-]", "").replace(' ', '-');
    }

    /** How deep each heading is, in order. */
    List<Integer> outline() {
        return HEADING.matcher(prose).results().map(found -> found.group(1).length()).toList();
    }

    /** Of each row of a table, the number of cells, what is in backticks in the first one, and all numbers in ascending order. */
    List<String> rows() {
        return prose.lines().filter(line -> line.startsWith("|")).map(Translation::row).toList();
    }

    private static String row(String line) {
        String[] cells = line.substring(1).split("(?<!\\\\)\\|", -1);
        List<String> parts = new ArrayList<>();
        parts.add(cells.length - 1 + " cells");
        SPAN.matcher(cells[0]).results().map(MatchResult::group).forEach(parts::add);
        NUMBER.matcher(line.replaceAll("]\\([^)]*\\)", "").replace(" million", " 000 000")).results().map(MatchResult::group).sorted().forEach(parts::add);
        return String.join(" ", parts);
    }
}
