package dev.ssecluster.docs;

import dev.ssecluster.problem.ProblemType;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** The table of problems in docs/errors.md against the code. */
class ErrorsTests {

    @Test
    void whenThereIsAProblemTypeThenItIsListedWithItsStatus() {
        List<List<String>> documented = Document.read("docs/errors.md").rows("").stream()
                .filter(row -> row.get(1).matches("\\d{3}"))
                .map(row -> row.subList(0, 2))
                .toList();
        assertThat(documented).containsExactlyInAnyOrderElementsOf(Arrays.stream(ProblemType.values())
                .map(type -> List.of(type.slug(), Integer.toString(type.status())))
                .toList());
    }
}
