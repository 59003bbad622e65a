package dev.ssecluster.clients;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import tools.jackson.databind.json.JsonMapper;

/** A page in Chromium, of another origin than the nodes: its own EventSource, and {@code @microsoft/fetch-event-source}. */
final class Page implements AutoCloseable {

    private final JsonMapper json = JsonMapper.builder().build();
    private final Sessions sessions = new Sessions();
    private final HttpServer server;
    private final ChromeDriver browser;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread listener = Thread.ofPlatform().daemon().unstarted(this::listen);

    private Page(HttpServer server, ChromeDriver browser) {
        this.server = server;
        this.browser = browser;
    }

    /** Serves the page; the browser comes with {@link #open}. */
    static HttpServer serve() throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
        server.createContext("/", Page::answer);
        server.start();
        return server;
    }

    static String origin(HttpServer server) {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    private static void answer(HttpExchange exchange) throws IOException {
        Path file = file(exchange.getRequestURI().getPath());
        byte[] bytes = Files.exists(file) ? Files.readAllBytes(file) : new byte[0];
        String type = file.toString().endsWith(".html") ? "text/html" : "text/javascript";
        exchange.getResponseHeaders().set("Content-Type", type + "; charset=utf-8");
        exchange.sendResponseHeaders(Files.exists(file) ? 200 : 404, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    /** The library's modules name each other without the ending that a browser needs. */
    private static Path file(String path) {
        Path scripts = Path.of("node");
        String library = "/fetch-event-source/";
        if (path.startsWith(library)) {
            String name = path.substring(library.length());
            return scripts.resolve("node_modules/@microsoft/fetch-event-source/lib/esm")
                    .resolve(name.endsWith(".js") ? name : name + ".js");
        }
        return scripts.resolve(path.substring(1));
    }

    static Page open(HttpServer server) {
        ChromeOptions options = new ChromeOptions().setBinary(program("chromium")).addArguments(
                "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
                "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run");
        ChromeDriverService service = new ChromeDriverService.Builder()
                .usingDriverExecutable(program("chromedriver"))
                .usingAnyFreePort()
                .build();
        ChromeDriver browser = new ChromeDriver(service, options);
        Page page = new Page(server, browser);
        browser.get(origin(server) + "/page.html");
        page.listener.start();
        return page;
    }

    private static File program(String name) {
        return Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .map(directory -> new File(directory, name))
                .filter(File::canExecute)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("Install " + name + " (Debian: chromium, chromium-driver)"));
    }

    Client client(String library) {
        return new Client(library, Map.of(
                Level.LIBRARY, (stream, diary) -> open(library, Level.LIBRARY, stream, diary),
                Level.APPLICATION, (stream, diary) -> open(library, Level.APPLICATION, stream, diary)));
    }

    private Runnable open(String library, Level level, URI stream, Diary diary) {
        int session = sessions.begin(diary);
        run("openStream(...arguments)", session, library, level.name(), stream.toString());
        return () -> run("closeStream(...arguments)", session);
    }

    private synchronized @Nullable Object run(String script, Object... arguments) {
        return browser.executeScript(script, arguments);
    }

    /** Asks again and again: a page cannot call us. */
    private void listen() {
        try {
            while (!closed.await(50, TimeUnit.MILLISECONDS)) {
                String told = String.valueOf(run("return takeTold()"));
                for (Sessions.Told one : json.readValue(told, Sessions.Told[].class)) {
                    sessions.tell(one);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        closed.countDown();
        try {
            listener.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        browser.quit();
        server.stop(0);
    }
}
