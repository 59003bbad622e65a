package dev.ssecluster.model;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class RulesTests {

    @ParameterizedTest
    @ValueSource(strings = {"1", "公告", "👩‍👩‍👧", "a b", "a/b\\c%d", "...", "user:1", "é", "+", "'\"<>", "a.b"})
    void whenAnIdIsInAnyScriptThenItIsGood(String id) {
        assertThat(Rules.id(id)).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "'', EMPTY", "., DOTS", ".., DOTS", "' a', BLANK_AT_EDGE", "'a\u00a0', BLANK_AT_EDGE", "'\u2003a', BLANK_AT_EDGE",
        "'a,b', COMMA", "'a\u0000b', CONTROL_CHARACTER", "'a\u009fb', CONTROL_CHARACTER", "'a\u2028b', CONTROL_CHARACTER"
    })
    void whenAnIdBreaksARuleThenTheDefectIsNamed(String id, Defect defect) {
        assertThat(Rules.id(id)).isEqualTo(defect);
    }

    @Test
    void whenAnIdHasHalfOfASurrogatePairThenItIsRefused() {
        assertThat(Rules.id("a\ud83d")).isEqualTo(Defect.UNPAIRED_SURROGATE);
        assertThat(Rules.id("\ude80b")).isEqualTo(Defect.UNPAIRED_SURROGATE);
    }

    @Test
    void whenAnIdIsMeasuredThenInUnicodeCharacters() {
        assertThat(Rules.id("🚀".repeat(64))).isNull();
        assertThat(Rules.id("🚀".repeat(65))).isEqualTo(Defect.TOO_LONG);
        assertThat(Rules.id("x".repeat(65))).isEqualTo(Defect.TOO_LONG);
    }

    @ParameterizedTest
    @ValueSource(strings = {"order.shipped", "A-Z_0:9", "errors", "Open", "sse", "message"})
    void whenAnEventTypeIsPlainThenItIsGood(String type) {
        assertThat(Rules.eventType(type)).isNull();
    }

    @ParameterizedTest
    @CsvSource({"'', EMPTY", "a b, EVENT_TYPE_CHARACTER", "é, EVENT_TYPE_CHARACTER", "open, RESERVED", "sse.x, RESERVED"})
    void whenAnEventTypeBreaksARuleThenTheDefectIsNamed(String type, Defect defect) {
        assertThat(Rules.eventType(type)).isEqualTo(defect);
    }

    @Test
    void whenAnIdempotencyKeyIsVisibleAsciiThenItIsGood() {
        assertThat(Rules.idempotencyKey("!~".repeat(64))).isNull();
        assertThat(Rules.idempotencyKey("!".repeat(129))).isEqualTo(Defect.TOO_LONG);
        assertThat(Rules.idempotencyKey("a b")).isEqualTo(Defect.NOT_VISIBLE_ASCII);
        assertThat(Rules.idempotencyKey("")).isEqualTo(Defect.EMPTY);
    }
}
