package dev.ssecluster.loadtest;

import dev.ssecluster.loadtest.SseParser.Received;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

/** The first tests are the examples of the HTML standard, section 9.2.6. */
class SseParserTests {

    private final SseParser parser = new SseParser();

    private List<Received> feed(String text) {
        byte[] bytes = text.getBytes(UTF_8);
        return parser.feed(bytes, bytes.length);
    }

    private List<String> data(String text) {
        return feed(text).stream().map(Received::data).toList();
    }

    @Test
    void whenDataHasSeveralLinesThenTheyAreJoined() {
        assertThat(data("data: YHOO\ndata: +2\ndata: 10\n\n")).containsExactly("YHOO\n+2\n10");
    }

    @Test
    void whenBlocksHaveCommentsIdsAndBlanksThenEachDoesItsPart() {
        assertThat(feed(": test stream\n\ndata: first event\nid: 1\n\ndata:second event\nid\n\ndata:  third event\n"))
                .containsExactly(new Received("message", "first event", "1"), new Received("message", "second event", ""));
        assertThat(feed("\n")).containsExactly(new Received("message", " third event", ""));
    }

    @Test
    void whenDataIsEmptyThenTheEventIsStillOne() {
        assertThat(data("data\n\ndata\ndata\n\ndata:")).containsExactly("", "\n");
    }

    @Test
    void whenThereIsNoBlankAfterTheColonThenItIsTheSame() {
        assertThat(data("data:test\n\ndata: test\n\n")).containsExactly("test", "test");
    }

    @Test
    void whenABlockHasOnlyAnIdThenTheCursorMovesWithoutAnEvent() {
        assertThat(feed(":\nid: 17\n\n")).isEmpty();
        assertThat(parser.lastEventId()).isEqualTo("17");
        assertThat(feed("data: 1\n\n")).containsExactly(new Received("message", "1", "17"));
    }

    @Test
    void whenABlockIsNotCompleteThenItsIdDoesNotCount() {
        feed("id: 1\n\nid: 2\n");
        assertThat(parser.lastEventId()).isEqualTo("1");
    }

    @Test
    void whenLinesEndWithAnyOfThreeBreaksThenAllAreBreaks() {
        assertThat(data("data: a\rdata: b\r\ndata: c\n\r\ndata: d\r\r")).containsExactly("a\nb\nc", "d");
    }

    @Test
    void whenBytesAreCutAnywhereThenNothingChanges() {
        byte[] bytes = "\uFEFFevent: e\r\nid: 5~5-0-0\r\ndata: 公告😀\r\nretry: 2417\r\n\r\n".getBytes(UTF_8);
        for (int cut = 0; cut <= bytes.length; cut++) {
            SseParser fresh = new SseParser();
            List<Received> events = new ArrayList<>(fresh.feed(bytes, cut));
            byte[] rest = Arrays.copyOfRange(bytes, cut, bytes.length);
            events.addAll(fresh.feed(rest, rest.length));
            assertThat(events).containsExactly(new Received("e", "公告😀", "5~5-0-0"));
            assertThat(fresh.retryMillis()).isEqualTo(2417);
        }
    }

    @Test
    void whenTheByteOrderMarkComesLaterThenItIsText() {
        assertThat(data("data: a\n\uFEFFdata: b\n\n")).containsExactly("a");
    }

    @Test
    void whenIdHasANullOrRetryIsNoNumberThenTheyAreIgnored() {
        feed("id: 1\nretry: 10\n\nid: 2\0\nretry: 1s\nretry:\nretry: 99999999999999999999\nretry: ١\ndata: x\n\n");
        assertThat(parser.lastEventId()).isEqualTo("1");
        assertThat(parser.retryMillis()).isEqualTo(10);
    }

    @Test
    void whenFieldsAreUnknownOrMiswrittenThenTheyAreIgnored() {
        assertThat(feed("Data: a\n data: b\ndata : c\nfoo: d\nevent: t\n\n")).isEmpty();
        assertThat(feed("data: x\n\n")).containsExactly(new Received("message", "x", ""));
    }

    @Test
    void whenReconnectedThenTheLastIdStaysUntilABlockEnds() {
        SseParser next = new SseParser("41");
        next.feed("retry: 1\n".getBytes(UTF_8), 9);
        assertThat(next.lastEventId()).isEqualTo("41");
        assertThat(next.feed("data: 1\n\n".getBytes(UTF_8), 9)).containsExactly(new Received("message", "1", ""));
    }
}
