package dev.ssecluster.console;

import dev.ssecluster.test.TestNode;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openqa.selenium.Keys;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** The console of one node in Chromium, while what it shows comes from another one. */
class ConsoleIT {

    private static final TestNode[] nodes = new TestNode[2];
    private static ConsolePage page;

    @BeforeAll
    static void start() {
        page = new ConsolePage();
        for (int i = 0; i < nodes.length; i++) {
            nodes[i] = TestNode.start("sse.stream.retry-min=100ms", "sse.stream.retry-max=200ms", "sse.stream.heartbeat-interval=1s",
                    "sse.node.renew-interval=300ms");
        }
    }

    @AfterAll
    static void stop() {
        page.close();
        for (TestNode node : nodes) {
            node.close();
        }
    }

    /** Whatever a test did, no script failed and the page's policy had nothing to forbid. */
    @AfterEach
    void nothingWentWrong() {
        assertThat(page.faults()).isEmpty();
    }

    private static ConsolePage open(String part) {
        return page.open(nodes[0].port(), part);
    }

    /** Through the node that does not serve the page. */
    private static void elsewhere(String path, String body) {
        HttpResponse<String> answer = nodes[1].post(path, body);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    }

    @Test
    void whenANewcomerOpensAStreamAndSendsThenTheEventIsSeen() {
        open("").click("#open-form .primary").awaitShown("#streams [data-state=open]");
        page.click("#send-form .primary").awaitText("#log .event .type", "notification");
        assertThat(page.text("#log .event .latency")).matches("\\d+(\\.\\d)? ms");
        assertThat(page.text("#log .event .id")).matches("\\d{16}");
        page.awaitText("#send-answer", "Sent").awaitText("#send-answer", "1 node had listeners");
        page.awaitText("#log .own .type", "connected").awaitText("#log .beat .type", "heartbeat");
        page.awaitText("#announcer", "1 new event, the last of type notification");
        assertThat(page.isShown("#log .beat")).isTrue();
        page.click("#show-heartbeats");
        assertThat(page.isShown("#log .beat")).isFalse();
    }

    @Test
    void whenHostileTextArrivesThenItIsShownAsText() {
        open("live").stream("<i id=hostile>eve", "<b>g");
        elsewhere("/send/group", "{\"group\":\"<b>g\",\"event_type\":\"made.up:type\",\"persist\":true,"
                + "\"data\":\"<img src=x onerror='window.hacked=1'><script>window.hacked=2</script>\"}");
        elsewhere("/send", "{\"user_id\":\"<i id=hostile>eve\",\"event_type\":\"t\",\"persist\":true,\"data\":{\"<img>\":\"<img src=x onerror=hacked=3>\"}}");
        page.awaitText("#log .event .type", "made.up:type").awaitText("#log .event .data", "<img src=x onerror='window.hacked=1'>");
        page.click("#log .event summary").awaitShown("#log .event pre");
        page.go("inbox").type("#inbox-form [name=user_id]", "<i id=hostile>eve").click("#inbox-form .primary").awaitText("#messages", "<img src=x");
        page.go("cluster").type("#who-form [name=name]", "<i id=hostile>eve").click("#who-form .primary").awaitText("#who", "<i id=hostile>eve is online");
        assertThat(page.count("main img, #hostile, main script")).isZero();
        assertThat(page.string("return typeof window.hacked")).isEqualTo("undefined");
    }

    @Test
    void whenAStreamIsDisconnectedThenTheLogShowsWhatItWasTold() {
        open("live").stream("diana", "g").go("cluster").type("#who-form [name=name]", "diana").click("#who-form .primary");
        page.awaitText("#who tbody", "g").click("#disconnect-form .danger").awaitText("#disconnect-answer", "1 stream of diana closed");
        page.go("live").awaitText("#log .bad .type", "sse.goaway").awaitText("#log .bad .data", "\"reason\":\"disconnected\"");
        await().atMost(30, SECONDS).until(() -> page.count("#log .own") == 2); // it came back
        page.go("cluster").click("#disconnect-form [value=final]").click("#disconnect-form .danger").awaitText("#disconnect-answer", "1 stream");
        page.go("live").awaitText("#streams [data-state=closed]", "for good (204)");
    }

    @Test
    void whenAStreamIsRefusedThenItSaysWhy() {
        open("live").type("#open-form [name=group]", "a".repeat(65)).click("#open-form .primary");
        page.awaitShown("#streams [data-state=closed]");
        assertThat(page.text("#streams .state")).contains("closed").hasSizeGreaterThan(20);
        page.click("#streams button");
        assertThat(page.count("#streams > li")).isZero();
    }

    @Test
    void whenMoreStreamsAreWantedThanABrowserCanOpenThenThePageSaysSo() {
        open("live");
        for (int i = 0; i < 5; i++) {
            page.stream("many", "");
        }
        page.click("#open-form .primary").awaitText("#open-answer", "six connections");
        page.click("#streams button").stream("one more", "");
        page.click("#send-form .primary").awaitText("#send-answer", "Sent"); // calls still go through
    }

    @Test
    void whenTheFormIsNotRightThenItSaysWhatIsWrong() {
        open("live").type("#send-form textarea", "{\"a\":").awaitText("#data-hint", "Not JSON yet");
        page.click("#send-form .primary").awaitText("#send-answer", "Nothing was sent");
        page.type("#send-form textarea", "12345678901234567890.10").type("#send-form [name=event_type]", "sse.mine").click("#send-form .primary");
        page.awaitText("#send-answer .bad code", "event_type");
    }

    @Test
    void whenASendIsNotAnsweredThenItSaysThatItMayHaveBeenDone() {
        open("live").string("window.fetch = () => Promise.reject(new TypeError('away'))");
        page.click("#send-form .primary").awaitText("#send-answer .bad", "did not answer").awaitText("#send-answer .bad", "may have been done or not");
        page.go("subscriptions").awaitText("#subscriptions-answer .bad", "did not answer");
        assertThat(page.text("#subscriptions-answer")).doesNotContain("may have been");
    }

    @Test
    void whenEverythingIsFilledInThenItIsSentAsTheCurlLineSays() {
        open("live").stream("frank", "");
        page.type("#send-form [name=receiver]", "frank").type("#send-form textarea", "\"it's 1.50\"").click("#send-form [name=priority][value='2']");
        page.click("#send-form [name=persist]").click("#send-form summary").type("#send-form [name=ttl]", "60").click("#new-key");
        assertThat(page.text("#curl")).startsWith("curl 'http://127.0.0.1:" + nodes[0].port() + "/api/v1/sse/send'").contains(
                "-H 'Idempotency-Key: console-",
                "-d '{\"user_id\":\"frank\",\"event_type\":\"notification\",\"data\":\"it'\\''s 1.50\",\"priority\":2,\"persist\":true,\"ttl\":60}'");
        page.click("#send-form .primary").awaitText("#send-answer", "Sent and stored");
        page.click("#send-form .primary").awaitText("#send-answer", "Sent before");
        page.awaitText("#log .event .data", "it's 1.50");
        assertThat(page.count("#log .event")).isOne();
    }

    @ParameterizedTest
    @ValueSource(strings = {"group", "client_id", "broadcast"})
    void whenItIsSentToOthersThenTheyGetIt(String target) {
        open("live").click("#open-form summary").type("#open-form [name=id]", "alice").stream("greta", "news");
        page.click("#send-form [value=" + target + "]").type("#send-form [name=event_type]", "to-" + target).click("#send-form .primary");
        page.awaitText("#log .event .type", "to-" + target);
    }

    @Test
    void whenMessagesComeThenTheInboxIsLive() {
        open("inbox").type("#inbox-form [name=user_id]", "hugo").click("#inbox-form .primary").awaitText("#inbox-unread", "0 unread messages for hugo");
        elsewhere("/send", "{\"user_id\":\"hugo\",\"event_type\":\"invoice\",\"data\":{\"n\":1},\"persist\":true,\"priority\":1}");
        elsewhere("/send", "{\"user_id\":\"hugo\",\"event_type\":\"invoice\",\"data\":{\"n\":2},\"persist\":true}");
        page.awaitText("#badge", "2").awaitText("#messages li:nth-child(2) .p1", "high");
        page.click("#messages li:nth-child(2) button").awaitText("#badge", "1").awaitText("#messages li:nth-child(2) .s2", "read");
        page.click("#read-all").awaitText("#inbox-unread", "0 unread");
        await().until(() -> page.count("#messages .new") == 0 && !page.isShown("#badge"));
        assertThat(page.isShown("#read-all")).isTrue();
        filter("1");
        await().until(() -> !page.isShown("#read-all")); // there may be more than are shown
    }

    private static void filter(String status) {
        page.string("const s = document.querySelector('#inbox-form select'); s.value = arguments[0]; s.dispatchEvent(new Event('change', { bubbles: true }))",
                status);
    }

    /** The answers for the one are held back until the other one is shown. */
    @Test
    void whenAnAnswerForAnotherUserIsLateThenItIsNotShown() {
        elsewhere("/send", "{\"user_id\":\"karl\",\"event_type\":\"karls\",\"data\":1,\"persist\":true}");
        elsewhere("/send", "{\"user_id\":\"lena\",\"event_type\":\"lenas\",\"data\":1,\"persist\":true}");
        open("inbox").type("#inbox-form [name=user_id]", "karl").click("#inbox-form .primary").awaitText("#messages", "karls");
        page.holdBack("karl");
        filter("0");
        filter("");
        page.click("#messages button").type("#inbox-form [name=user_id]", "lena").click("#inbox-form .primary");
        assertThat(page.text("#messages")).doesNotContain("karls");
        page.awaitText("#messages", "lenas").awaitText("#inbox-unread", "1 unread message for lena");
        assertThat(page.letGo()).as("one list, one mark").isGreaterThanOrEqualTo(2);
        assertThat(page.text("#messages") + page.text("#inbox-unread")).contains("lenas", "1 unread message for lena").doesNotContain("karl");
    }

    @Test
    void whenAUserSubscribesThenOpenStreamsFollow() {
        open("live").stream("ines", "").go("subscriptions").type("#subscriptions-form [name=user_id]", "ines");
        page.type("#subscribe-form [name=event_types]", "goal, final").click("#subscribe-form .primary").awaitText("#subscribe-answer", "ines follows sports");
        page.awaitText("#subscription-list", "Only goal, final");
        elsewhere("/send/group", "{\"group\":\"sports\",\"event_type\":\"goal\",\"data\":1}");
        page.go("live").awaitText("#log .event .type", "goal");
        page.go("subscriptions").click("#subscription-list button").awaitText("#subscriptions-answer", "ines has left sports");
        page.awaitText("#subscription-list", "ines has no subscriptions");
    }

    @Test
    void whenTheClusterWorksThenItsNumbersMove() {
        open("live").stream("jana", "numbers").go("cluster").awaitText("#totals", "Nodes2");
        assertThat(page.count("#nodes tr")).isEqualTo(2);
        await().atMost(30, SECONDS).untilAsserted(() -> {
            elsewhere("/send/group", "{\"group\":\"numbers\",\"event_type\":\"t\",\"data\":1}");
            assertThat(page.text("#charts .b strong")).matches("(?s).*[1-9].*/s");
            assertThat(page.text("#charts .c strong")).matches("(?s).*[1-9].*/s");
        });
        assertThat(page.string("return document.querySelector('#charts .line').getAttribute('d')")).contains("L");
        page.click("#who-form [value=group]").type("#who-form [name=name]", "numbers").click("#who-form .primary").awaitText("#who tbody", "jana");
    }

    @ParameterizedTest
    @ValueSource(strings = {"notifications", "progress", "ranking", "operations"})
    void whenAScenarioIsPlayedThenItComesToItsEnd(String scenario) {
        open("scenarios").click("[data-scenario=" + scenario + "] button").awaitShown("#speed");
        page.speed(10).awaitText(".steps", "The end.");
        assertThat(page.count(".scene .bad")).isZero();
        assertThat(page.text(".scene")).containsAnyOf("Your parcel is at the door", "Ready: orders-2026.xlsx", "Femi", "load is normal again");
        page.awaitText("#stage h2", "What happens");
    }

    @Test
    void whenThereIsOnlyAKeyboardThenItDoes() {
        open("").press(Keys.TAB);
        assertThat(page.string("return document.activeElement.className")).isEqualTo("skip");
        assertThat(page.string("return getComputedStyle(document.activeElement).outlineStyle")).isEqualTo("solid");
        page.press(Keys.ENTER, Keys.TAB);
        assertThat(page.string("return document.activeElement.name")).isEqualTo("user_id");
        page.press(Keys.ENTER).awaitShown("#streams [data-state=open]");
        page.string("document.querySelector('#send-form [name=target]').focus()");
        page.press(Keys.ARROW_RIGHT, Keys.TAB, Keys.TAB, Keys.ENTER).awaitText("#log .event .type", "notification");
        assertThat(page.text("#receiver-name")).isEqualTo("Group");
        page.string("document.querySelector('nav a[href=\"#inbox\"]').focus()");
        page.press(Keys.ENTER).awaitShown("#inbox");
        assertThat(page.string("return document.activeElement.id")).isEqualTo("main");
    }

    /** Blocks as the HTML standard has them, cut in two at every place. */
    @Test
    void whenAStreamComesInAnyPiecesThenTheSameIsRead() {
        open("live");
        assertThat(page.string("""
                const text = 'retry: 12\\n\\n: hi\\nid: 7\\n\\nevent: a\\r\\ndata: {"x":\\r\\ndata:  1}\\r\\nid:8~1\\r\\n\\r\\ndata\\n\\nunknown: 1\\nid: 9\\ndata: é\\n\\nid: cut'
                return import('/console/reader.js').then(({ BlockParser }) => {
                  const read = pieces => {
                    const found = []
                    const parser = new BlockParser(block => found.push(block))
                    pieces.forEach(piece => parser.feed(piece))
                    return JSON.stringify(found.map(b => [b.type, b.id, b.data, b.comment, b.retry]))
                  }
                  const whole = read([text])
                  for (let i = 0; i <= text.length; i++) if (read([text.slice(0, i), text.slice(i)]) !== whole) return 'cut at ' + i
                  return whole
                })""")).isEqualTo("[[null,null,null,null,12],[null,\"7\",null,\"hi\",null],[\"a\",\"8~1\",\"{\\\"x\\\":\\n 1}\",null,null],"
                        + "[null,null,\"\",null,null],[null,\"9\",\"é\",null,null]]");
    }

    /** As a screen reader would: by label, content or name. */
    @Test
    void whenSomethingCanBeUsedThenItHasAName() {
        open("live");
        assertThat(page.string("""
                return [...document.querySelectorAll('input, select, textarea, button, a')].filter(e =>
                  !(e.labels?.[0]?.textContent.trim() || e.getAttribute('aria-label') || e.textContent.trim())).map(e => e.outerHTML).join()"""))
                .isEmpty();
    }

    @Test
    void whenAThemeIsChosenThenItStays() {
        open("live");
        String light = background();
        page.click("#theme-button").click("#theme-button").awaitText("#theme-button", "Dark");
        assertThat(background()).isNotEqualTo(light);
        String dark = background();
        page.reload();
        assertThat(background()).isEqualTo(dark);
        page.click("#theme-button").awaitText("#theme-button", "Auto");
        assertThat(background()).isEqualTo(light);
        page.window(1280, 900, "dark");
        assertThat(background()).isEqualTo(dark);
        page.window(1280, 900, "light");
    }

    private static String background() {
        return page.string("return getComputedStyle(document.body).backgroundColor");
    }

    @ParameterizedTest
    @ValueSource(strings = {"live", "inbox", "subscriptions", "cluster", "scenarios"})
    void whenThePageIsAsNarrowAsAPhoneThenNothingIsCutOff(String part) {
        try {
            open(part).window(360, 740, "light");
            assertThat(page.string("return document.documentElement.scrollWidth")).isEqualTo("360");
        } finally {
            page.window(1280, 900, "light");
        }
    }
}
