package dev.ssecluster.event;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class CursorTests {

    @Test
    void whenPlainThenAllPositionsAreTheId() {
        assertThat(Cursor.parse("1795345331200871")).contains(Cursor.at(1795345331200871L));
    }

    @Test
    void whenLongThenEachPositionIsItsOwn() {
        assertThat(Cursor.parse("104~100-101-104")).contains(new Cursor(104, 100, 101, 104));
        assertThat(new Cursor(104, 100, 101, 104)).hasToString("104~100-101-104").extracting(Cursor::lowest).isEqualTo(100L);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0", "-1", "evt_123", "12a", " 12", "12 ", "1~2", "1~2-3", "1~2-3-4-5", "1~0-1-1", "１２",
            "99999999999999999999", "1~1-1-99999999999999999", "1\n", "1~1-1-1~"})
    void whenItIsNotOursThenThereIsNone(String text) {
        assertThat(Cursor.parse(text)).isEmpty();
    }
}
