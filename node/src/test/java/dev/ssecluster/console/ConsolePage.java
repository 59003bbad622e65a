package dev.ssecluster.console;

import dev.ssecluster.test.Browser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.openqa.selenium.Keys;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The console in Chromium, as a user has it. Everything that goes wrong in the page is kept: errors of scripts, and what its policy forbids.
 * With {@code -Dsse.console.screenshots=docs/images} pictures are kept, too.
 */
final class ConsolePage implements AutoCloseable {

    private static final @Nullable String SCREENSHOTS = System.getProperty("sse.console.screenshots");

    private static final String WATCH = """
            window.faults = [];
            addEventListener('error', e => faults.push('error: ' + e.message));
            addEventListener('unhandledrejection', e => faults.push('rejection: ' + e.reason));
            document.addEventListener('securitypolicyviolation', e => faults.push('policy: ' + e.violatedDirective + ' ' + e.blockedURI));""";

    private final Browser browser = Browser.start();
    private int port;

    ConsolePage() {
        browser.command("Page.addScriptToEvaluateOnNewDocument", Map.of("source", WATCH));
        window(1280, 900, "light");
    }

    /** How large the window is, and which theme the system has. */
    ConsolePage window(int width, int height, String theme) {
        browser.command("Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", width < 600));
        browser.command("Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", theme))));
        return this;
    }

    /** Loads the page anew. */
    ConsolePage open(int port, String part) {
        this.port = port;
        browser.visit(port, "/api/v1/sse/nothing"); // or only the part would change
        browser.visit(port, "/#" + part);
        return awaitShown("nav [aria-current]");
    }

    ConsolePage reload() {
        return open(port, string("return location.hash.slice(1)"));
    }

    /** By the navigation. */
    ConsolePage go(String part) {
        click("nav a[href='#" + part + "']");
        return awaitShown("#" + part); // the section changes after the click
    }

    ConsolePage click(String selector) {
        browser.click(selector);
        return this;
    }

    ConsolePage press(CharSequence... keys) {
        browser.press(keys);
        return this;
    }

    /** Replaces what stands in a field. */
    ConsolePage type(String selector, String text) {
        browser.run("const e = document.querySelector(arguments[0]); e.focus(); e.select();", selector);
        browser.press(text.isEmpty() ? Keys.DELETE : text);
        return this;
    }

    String text(String selector) {
        return string("return Array.from(document.querySelectorAll(arguments[0]), e => e.textContent).join('\\n')", selector);
    }

    long count(String selector) {
        return Objects.requireNonNull(browser.<Long>run("return document.querySelectorAll(arguments[0]).length", selector));
    }

    boolean isShown(String selector) {
        return Boolean.TRUE.equals(browser.run("return !!document.querySelector(arguments[0])?.checkVisibility()", selector));
    }

    String string(String script, Object... arguments) {
        return String.valueOf(browser.<Object>run(script, arguments));
    }

    ConsolePage awaitText(String selector, String text) {
        await().atMost(30, SECONDS).untilAsserted(() -> assertThat(text(selector)).as(selector).contains(text));
        return this;
    }

    ConsolePage awaitShown(String selector) {
        await().atMost(30, SECONDS).until(() -> isShown(selector));
        return this;
    }

    /** Opens a stream and waits for it. */
    ConsolePage stream(String user, String groups) {
        long before = count("#streams > li");
        type("#open-form [name=user_id]", user).type("#open-form [name=group]", groups).click("#open-form .primary");
        await().atMost(30, SECONDS).until(() -> count("#streams > li[data-state=open]") == before + 1);
        return this;
    }

    /** Calls about messages that name this user are made only when they are let go. */
    ConsolePage holdBack(String user) {
        string("""
                const user = arguments[0], real = window.fetch, held = Promise.withResolvers(), late = []
                window.fetch = (url, options) => {
                  if (!url.includes('/messages') || !(url + options.body).includes(user)) return real(url, options)
                  const answer = held.promise.then(() => real(url, options))
                  late.push(answer)
                  return answer
                }
                window.letGo = async () => {
                  held.resolve()
                  await Promise.all(late)
                  await new Promise(resolve => setTimeout(resolve, 50)) // the page has read them, too
                  return late.length
                }""", user);
        return this;
    }

    /** How many calls were held back; all are answered. */
    long letGo() {
        return Long.parseLong(string("return letGo()"));
    }

    /** How fast the scenario plays. */
    ConsolePage speed(int factor) {
        string("const s = document.querySelector('#speed'); s.value = arguments[0]; s.dispatchEvent(new Event('change'))", factor);
        return this;
    }

    /** What went wrong in the page since it was loaded. */
    List<String> faults() {
        return Objects.requireNonNull(browser.run("return window.faults"));
    }

    /** Keeps a picture, where somebody wants them. */
    ConsolePage picture(String name) {
        if (SCREENSHOTS != null) {
            try {
                Path directory = Files.createDirectories(Path.of("..").resolve(SCREENSHOTS));
                Files.write(directory.resolve(name + ".png"), browser.screenshot());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return this;
    }

    @Override
    public void close() {
        browser.close();
    }
}
