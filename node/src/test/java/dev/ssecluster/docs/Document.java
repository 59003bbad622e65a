package dev.ssecluster.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** A file of this project. Maven runs tests in the directory of their module. */
record Document(String text) {

    /** @param name its path from the top of the project */
    static Document read(String name) {
        try {
            return new Document(Files.readString(Path.of("..").resolve(name)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The rows of Markdown tables whose first cell is one name in backticks and begins so; without backticks. */
    List<List<String>> rows(String prefix) {
        return text.lines()
                .filter(line -> line.matches("\\| `" + Pattern.quote(prefix) + "[^`]*` \\|.*"))
                .map(Document::cells)
                .toList();
    }

    /** The fenced blocks of that language. */
    List<String> blocks(String language) {
        return between("```" + language + "\n", "```\n");
    }

    /** What stands between two marks. */
    List<String> between(String begin, String end) {
        return Pattern.compile(Pattern.quote(begin) + "(.*?)" + Pattern.quote(end), Pattern.DOTALL)
                .matcher(text).results().map(MatchResult::group)
                .map(found -> found.substring(begin.length(), found.length() - end.length()))
                .toList();
    }

    private static List<String> cells(String line) {
        return Arrays.stream(line.substring(1).split("\\|")).map(cell -> cell.strip().replace("`", "")).toList();
    }
}
