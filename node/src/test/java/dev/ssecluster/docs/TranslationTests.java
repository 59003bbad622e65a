package dev.ssecluster.docs;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** README.zh-CN.md says what README.md says. Each failure lists what only one of them has. */
class TranslationTests {

    private final Translation english = new Translation(Document.read("README.md").text());
    private final Translation chinese = new Translation(Document.read("README.zh-CN.md").text());

    @Test
    void whenACommandIsShownThenItIsInBothLanguages() {
        assertSame(english.code(), chinese.code());
        assertThat(chinese.code()).isEqualTo(english.code());
    }

    @Test
    void whenASettingACallOrAFileIsNamedThenItIsInBothLanguages() {
        assertSame(english.spans(), chinese.spans());
    }

    @Test
    void whenATableHasARowThenItIsInBothLanguagesWithTheSameFigures() {
        assertSame(english.rows(), chinese.rows());
        assertThat(chinese.rows()).isEqualTo(english.rows());
    }

    @Test
    void whenThereIsALinkThenItIsInBothLanguagesAndLeadsSomewhere() {
        assertSame(english.links(), chinese.links());
        assertThat(english.brokenAnchors()).isEmpty();
        assertThat(chinese.brokenAnchors()).isEmpty();
    }

    @Test
    void whenThereIsASectionThenItIsInBothLanguages() {
        assertThat(chinese.outline()).isEqualTo(english.outline());
    }

    @Test
    void whenSomethingIsLeftOutThenItIsNamed() {
        Translation one = new Translation("# A\n\nuse `sse.a`, [here](x.md)\n\n    curl a # now\n\n| `a` | 10 000 |\n");
        assertThat(one.code()).containsExactly("curl a");
        assertThat(one.spans()).containsExactly("a", "sse.a");
        assertThat(one.rows()).containsExactly("2 cells `a` 10 000");
        assertThat(one.links()).containsExactly("x.md");
        assertThat(new Translation("# 标题 甲\n[x](#标题-甲)[y](#b)").brokenAnchors()).containsExactly("#b");
    }

    private static void assertSame(Collection<String> english, Collection<String> chinese) {
        List<String> onlyEnglish = new ArrayList<>(english);
        chinese.forEach(onlyEnglish::remove);
        List<String> onlyChinese = new ArrayList<>(chinese);
        english.forEach(onlyChinese::remove);
        assertThat(List.of(onlyEnglish, onlyChinese)).as("only in README.md, only in README.zh-CN.md").containsExactly(List.of(), List.of());
    }
}
