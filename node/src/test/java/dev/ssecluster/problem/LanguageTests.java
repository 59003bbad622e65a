package dev.ssecluster.problem;

import java.util.Locale;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class LanguageTests {

    @Test
    void whenAHeaderNamesALanguageThenItIsTaken() {
        assertThat(Language.of("de, zh-CN;q=0.9, en;q=0.8")).isEqualTo(Locale.CHINESE);
        assertThat(Language.of("de")).isEqualTo(Locale.ENGLISH);
        assertThat(Language.of("zh;q=x")).isEqualTo(Locale.ENGLISH);
        assertThat(Language.of(null)).isEqualTo(Locale.ENGLISH);
    }

    @Test
    void whenAHeaderIsFarTooLongThenItIsNotLookedAt() {
        assertThat(Language.of("zh" + ",zh".repeat(84))).hasToString("zh"); // 254 characters
        assertThat(Language.of("zh" + ",zh".repeat(85))).hasToString("en");
    }
}
