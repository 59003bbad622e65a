package dev.ssecluster.problem;

import dev.ssecluster.model.Defect;
import java.text.MessageFormat;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.ResourceBundle;
import java.util.ResourceBundle.Control;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

import static java.util.Locale.CHINESE;
import static java.util.Locale.ROOT;
import static org.assertj.core.api.Assertions.assertThat;

class MessagesTests {

    private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\d+}");
    private static final Pattern HAN = Pattern.compile("\\p{IsHan}");

    /** Such as {@code sse.act}, {@code persist}, {@code UTF-8}: what a reader may have to type or look for is not translated. */
    private static final Pattern NAME = Pattern.compile("sse\\.[a-z.-]+[a-z]|\\bpersist\\b|UTF-8|JSON|HTTP/\\d(?:\\.\\d)?|Retry-After|application/json|Authorization: Bearer");

    private final ResourceBundle english = bundle(ROOT);
    private final ResourceBundle chinese = bundle(CHINESE);

    @Test
    void whenAMessageIsInOneLanguageThenItIsInTheOther() {
        assertThat(chinese.keySet()).isEqualTo(english.keySet());
    }

    @Test
    void whenAMessageHasPlaceholdersThenTheyAreTheSameInBothLanguages() {
        assertThat(english.keySet()).allSatisfy(key ->
                assertThat(found(PLACEHOLDER, chinese.getString(key))).as(key).isEqualTo(found(PLACEHOLDER, english.getString(key))));
    }

    @Test
    void whenAMessageNamesASettingOrAHeaderThenItDoesInBothLanguages() {
        assertThat(english.keySet()).allSatisfy(key ->
                assertThat(found(NAME, chinese.getString(key))).as(key).containsExactlyInAnyOrderElementsOf(found(NAME, english.getString(key))));
    }

    /** Those that are only a placeholder get another text of these in it. */
    @Test
    void whenAMessageIsInChineseThenItIsTranslated() {
        assertThat(english.keySet()).filteredOn(key -> !english.getString(key).equals("{0}")).allSatisfy(key -> {
            assertThat(chinese.getString(key)).as(key).isNotEqualTo(english.getString(key));
            assertThat(HAN.matcher(chinese.getString(key)).find()).as(key).isTrue();
        });
    }

    /** A lone apostrophe would hide what follows, and is not shown. */
    @Test
    void whenAMessageIsFilledInThenNothingOfItIsLost() {
        Object[] values = {"<0>", "<1>", "<2>"};
        for (ResourceBundle bundle : List.of(english, chinese)) {
            assertThat(english.keySet()).allSatisfy(key -> {
                String text = bundle.getString(key);
                String expected = PLACEHOLDER.matcher(text).replaceAll(found -> "<" + found.group().charAt(1) + ">").replace("''", "'");
                assertThat(new MessageFormat(text, ROOT).format(values)).as(key).isEqualTo(expected);
            });
        }
    }

    @Test
    void everyProblemAndDefectHasItsTexts() {
        for (ProblemType type : ProblemType.values()) {
            assertThat(english.keySet()).contains("problem." + type.slug() + ".title", "problem." + type.slug() + ".detail");
        }
        for (Defect defect : Defect.values()) {
            assertThat(english.keySet()).contains("fault." + defect.code());
        }
    }

    @Test
    void whenTwoProblemsDifferThenTheirTitlesDoInBothLanguages() {
        for (ResourceBundle bundle : List.of(english, chinese)) {
            assertThat(Arrays.stream(ProblemType.values()).map(type -> bundle.getString("problem." + type.slug() + ".title"))).doesNotHaveDuplicates();
        }
    }

    private static List<String> found(Pattern pattern, String text) {
        return pattern.matcher(text).results().map(MatchResult::group).sorted().toList();
    }

    private static ResourceBundle bundle(Locale locale) {
        return ResourceBundle.getBundle("messages", locale, Control.getNoFallbackControl(Control.FORMAT_PROPERTIES));
    }
}
