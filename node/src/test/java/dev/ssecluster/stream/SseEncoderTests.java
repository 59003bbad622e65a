package dev.ssecluster.stream;

import dev.ssecluster.event.Event;
import dev.ssecluster.event.Target;
import dev.ssecluster.model.Priority;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class SseEncoderTests {

    @Test
    void whenEventThenTypeDataAndIdEndWithAnEmptyLine() {
        assertThat(plain("order", "{\"a\":1}")).isEqualTo("event: order\ndata: {\"a\":1}\nid: 42\n\n");
    }

    @Test
    void whenBlockIsOurOwnThenItsIdComesLastToo() {
        assertThat(new String(SseEncoder.block("connected", "42", bytes("{}")), StandardCharsets.UTF_8))
                .isEqualTo("event: connected\ndata: {}\nid: 42\n\n");
    }

    @Test
    void whenDataHasLineBreaksOfAnyKindThenEachLineIsADataField() {
        assertThat(plain("t", "a\nb\rc\r\nd\n\n")).isEqualTo("event: t\ndata: a\ndata: b\ndata: c\ndata: d\ndata: \ndata: \nid: 42\n\n");
    }

    @Test
    void whenDataHasFourByteCharactersThenTheyStay() {
        assertThat(plain("t", "\"公告 😀\"")).endsWith("data: \"公告 😀\"\nid: 42\n\n");
    }

    @Test
    void whenTypeHoldsALineBreakOrNulThenItIsRefused() {
        for (String type : new String[] {"a\nid: 7", "a\rb", "a\0b"}) {
            assertThatIllegalArgumentException().isThrownBy(() -> plain(type, "1"));
        }
    }

    @Test
    void whenEnvelopedThenTheValueIsInsideOneLineOfJson() {
        Event event = new Event(1795345331200871L, Target.group("a\"b"), Priority.HIGH, false, 0, "t", bytes("[1]"));
        assertThat(text(SseEncoder.enveloped(event))).isEqualTo("event: t\ndata: {\"event_id\":\"1795345331200871\","
                + "\"receiver_type\":\"group\",\"group\":\"a\\\"b\",\"priority\":1,"
                + "\"created_at\":\"2026-11-22T11:02:11.200871Z\",\"data\":[1]}\nid: 1795345331200871\n\n");
    }

    @Test
    void whenCursorIsLongerThenItReplacesTheIdOnly() {
        ByteBuffer out = ByteBuffer.allocate(200);
        SseEncoder.plain(new Event(42, Target.BROADCAST, Priority.URGENT, false, 0, "t", bytes("1"))).writeTo(out, "42~1-2-42");
        assertThat(new String(out.array(), 0, out.position(), StandardCharsets.UTF_8))
                .isEqualTo("event: t\ndata: 1\nid: 42~1-2-42\n\n");
    }

    private static String plain(String type, String data) {
        return text(SseEncoder.plain(new Event(42, Target.user("u"), Priority.NORMAL, false, 0, type, bytes(data))));
    }

    private static String text(SseFrame frame) {
        ByteBuffer out = ByteBuffer.allocate(frame.size());
        frame.writeTo(out);
        return new String(out.array(), StandardCharsets.UTF_8);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
