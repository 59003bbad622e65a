package dev.ssecluster.backplane;

import dev.ssecluster.event.Event;
import dev.ssecluster.event.NodeId;
import dev.ssecluster.event.Target;
import dev.ssecluster.event.Trace;
import dev.ssecluster.model.Priority;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

class FrameTests {

    private static final Target USER = Target.user("u");
    private static final Trace TRACE = new Trace("4bf92f3577b34da6a3ce929d0e0e4736");

    @Test
    void whenEncodedAndDecodedThenItIsTheSame() {
        long seed = System.nanoTime();
        System.out.println("FrameTests seed " + seed);
        Random random = new Random(seed);
        for (int i = 0; i < 2_000; i++) {
            Publication message = randomMessage(random);
            long id = 1 + random.nextLong(FrameLayout.MAX_ID);
            assertThat(Frame.decode(USER, frame(1, id, Frame.encodeRest(message))))
                    .usingRecursiveComparison()
                    .isEqualTo(new Frame.Delivery(
                            new Event(id, USER, message.priority(), false, 0, message.type(), message.data())));
        }
    }

    @Test
    void whenTheFrameIsOfAnotherVersionThenItIsSkippedAsSuch() {
        assertThat(Frame.decode(USER, frame(4, 1, rest("a", "1")))).isEqualTo(Frame.Skipped.UNKNOWN_VERSION);
        assertThat(Frame.decode(USER, new byte[] {0})).isEqualTo(Frame.Skipped.UNKNOWN_VERSION);
    }

    @Test
    void whenCutAnywhereBeforeTheDataThenItIsMalformed() {
        byte[] frame = frame(1, 7, rest("abc", ""));
        for (int length = 0; length < frame.length; length++) {
            assertThat(Frame.decode(USER, Arrays.copyOf(frame, length))).isEqualTo(Frame.Skipped.MALFORMED);
        }
        assertThat(Frame.decode(USER, frame)).isInstanceOf(Frame.Delivery.class);
    }

    @Test
    void whenAFieldIsOutOfItsRangeThenItIsMalformed() {
        byte[] rest = rest("abc", "1");
        assertThat(Frame.decode(USER, frame(1, 0, rest))).isEqualTo(Frame.Skipped.MALFORMED);
        assertThat(Frame.decode(USER, frame(1, -1, rest))).isEqualTo(Frame.Skipped.MALFORMED);
        assertThat(Frame.decode(USER, frame(1, FrameLayout.MAX_ID + 1, rest))).isEqualTo(Frame.Skipped.MALFORMED);
        assertThat(Frame.decode(USER, with(FrameLayout.PRIORITY, 3))).isEqualTo(Frame.Skipped.MALFORMED);
        assertThat(Frame.decode(USER, with(FrameLayout.EXPIRY, 0x80))).isEqualTo(Frame.Skipped.MALFORMED);
        assertThat(Frame.decode(USER, with(FrameLayout.TYPE_LENGTH, 0))).isEqualTo(Frame.Skipped.MALFORMED);
    }

    @Test
    void whenBytesAreAnyThenDecodingNeverThrows() {
        long seed = System.nanoTime();
        System.out.println("FrameTests seed " + seed);
        Random random = new Random(seed);
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = new byte[random.nextInt(40)];
            random.nextBytes(bytes);
            if (bytes.length > 0 && random.nextBoolean()) {
                bytes[0] = (byte) (1 + random.nextInt(3));
            }
            assertThat(Frame.decode(USER, bytes)).isNotNull();
            assertThat(Frame.decodeOwn(bytes)).isNotNull();
        }
    }

    @Test
    void whenFlaggedPersistedOrExpiringThenTheEventSaysSo() {
        byte[] frame = with(FrameLayout.FLAGS, 0xff - Frame.UNREAD_CHANGED);
        frame[FrameLayout.EXPIRY + 7] = 9;
        var delivery = (Frame.Delivery) Frame.decode(USER, frame);
        assertThat(delivery.event().persisted()).isTrue();
        assertThat(delivery.event().expiresAt()).isEqualTo(9);
    }

    @Test
    void whenItIsAProbeThenItHasItsIdAndNumber() {
        byte[] number = ByteBuffer.allocate(8).putLong(5).array();
        assertThat(Frame.decodeOwn(frame(1, 3, number))).isEqualTo(new Frame.Probe(3, 5));
        assertThat(Frame.decodeOwn(frame(3, 3, number))).isEqualTo(Frame.Skipped.MALFORMED);
    }

    @Test
    void whenTheUnreadCountHasChangedThenThatIsNoEvent() {
        byte[] frame = frame(1, 7, Frame.encodeUnreadChanged());
        assertThat(Frame.decode(USER, frame)).isEqualTo(new Frame.UnreadChanged(USER.name()));
        assertThat(Frame.decode(Target.group(USER.name()), frame)).isEqualTo(Frame.Skipped.MALFORMED);
        frame[FrameLayout.FLAGS] |= Frame.PERSISTED;
        assertThat(Frame.decode(USER, frame)).isEqualTo(new Frame.UnreadChanged(USER.name()));
    }

    @Test
    void whenAnEventIsEncodedAgainThenItIsTheSame() {
        var event = new Event(7, USER, Priority.URGENT, true, 9, "note", new byte[] {'1'});
        var decoded = (Frame.Delivery) Frame.decode(USER, Frame.encode(event));
        assertThat(decoded.event()).usingRecursiveComparison().isEqualTo(event);
    }

    @Test
    void whenARequestIsEncodedAndDecodedThenItIsTheSame() {
        byte[] body = "who?".getBytes(UTF_8);
        NodeId asker = new NodeId("node-1");
        byte[] frame = frame(2, 7, ControlFrame.encodeRequest(RequestKind.DISCONNECT, -5, asker, body));
        assertThat(Frame.decode(USER, frame)).usingRecursiveComparison()
                .isEqualTo(new Frame.Asked(RequestKind.DISCONNECT, asker, -5, new Request(USER, 7, body)));
        assertThat(Frame.decodeOwn(ControlFrame.encodeAnswer(-5, asker, body))).usingRecursiveComparison()
                .isEqualTo(new Frame.Answered(-5, asker, body));
    }

    @Test
    void whenARequestIsCutBeforeItsBodyThenItIsMalformed() {
        byte[] frame = frame(2, 7, ControlFrame.encodeRequest(RequestKind.MEMBERS, 1, new NodeId("n"), new byte[0]));
        for (int length = 1; length < frame.length; length++) {
            assertThat(Frame.decode(USER, Arrays.copyOf(frame, length))).isEqualTo(Frame.Skipped.MALFORMED);
        }
        assertThat(Frame.decode(USER, frame)).isInstanceOf(Frame.Asked.class);
    }

    /** During an upgrade: a node of the version before takes nothing of it for an event. */
    @Test
    void whenTheKindOfARequestIsUnknownThenItIsSkippedAsOfAnotherVersion() {
        byte[] frame = frame(2, 7, ControlFrame.encodeRequest(RequestKind.MEMBERS, 1, new NodeId("n"), new byte[0]));
        frame[FrameLayout.HEADER] = 99;
        assertThat(Frame.decode(USER, frame)).isEqualTo(Frame.Skipped.UNKNOWN_VERSION);
        assertThat(ControlFrame.VERSION).isNotEqualTo(FrameLayout.VERSION);
    }

    @Test
    void whenATraceIsEncodedAndDecodedThenItIsTheSame() {
        byte[] frame = frame(TraceFrame.VERSION, 7, TraceFrame.encodeRest(TRACE));
        assertThat(Frame.decode(USER, frame)).isEqualTo(new Frame.Traced(7, TRACE));
        assertThat(Frame.decode(USER, Arrays.copyOf(frame, frame.length - 1))).isEqualTo(Frame.Skipped.MALFORMED);
        assertThat(Frame.decode(USER, frame(TraceFrame.VERSION, 7, new byte[16]))).isEqualTo(Frame.Skipped.MALFORMED);
        assertThat(Frame.decodeOwn(frame)).isEqualTo(Frame.Skipped.MALFORMED);
    }

    /** During an upgrade: a node of the version before, which knew the versions 1 and 2, skips the trace and finds the event as it was. */
    @Test
    void whenAnEventIsTracedThenItsFrameDiffersInAFlagThatWasAlwaysIgnored() {
        Publication plain = TestNode.message(USER, "1", null);
        byte[] traced = Frame.encodeRest(traced(plain));
        byte[] untraced = Frame.encodeRest(plain);
        assertThat(traced[1]).isEqualTo((byte) (untraced[1] | 4));
        traced[1] = untraced[1];
        assertThat(traced).isEqualTo(untraced);
        assertThat(TraceFrame.VERSION).isNotIn(FrameLayout.VERSION, ControlFrame.VERSION);
    }

    private static Publication traced(Publication plain) {
        return new Publication(plain.target(), plain.type(), plain.priority(), plain.data(), false, 0, null, TRACE);
    }

    private static Publication randomMessage(Random random) {
        byte[] data = new byte[random.nextInt(300)];
        random.nextBytes(data);
        return new Publication(
                USER, "t".repeat(1 + random.nextInt(64)), Priority.ofLevel(random.nextInt(3)), data, false, 0, null);
    }

    private static byte[] with(int offset, int value) {
        byte[] frame = frame(1, 7, rest("abc", "1"));
        frame[offset] = (byte) value;
        return frame;
    }

    private static byte[] rest(String type, String data) {
        return Frame.encodeRest(new Publication(USER, type, Priority.NORMAL, data.getBytes(UTF_8), false, 0, null));
    }

    /** What the script does. */
    private static byte[] frame(int version, long id, byte[] rest) {
        return ByteBuffer.allocate(9 + rest.length)
                .put((byte) version)
                .putLong(id)
                .put(rest)
                .array();
    }
}
