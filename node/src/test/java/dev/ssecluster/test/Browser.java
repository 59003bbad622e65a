package dev.ssecluster.test;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.openqa.selenium.By;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.WindowType;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.interactions.Actions;

/**
 * A real Chromium without a window. Tests that need one are skipped where there is none, unless {@code
 * SSE_TEST_BROWSER=required} in the environment says that there must be.
 */
public final class Browser implements AutoCloseable {

    private static final List<String> PROGRAMS = List.of("chromium", "chromium-browser", "google-chrome");

    private final ChromeDriver driver;

    private Browser(Path program, Path driverProgram) {
        ChromeOptions options = new ChromeOptions()
                .setBinary(program.toFile())
                .addArguments("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
                        "--disable-background-networking", "--disable-component-update", "--disable-sync");
        ChromeDriverService service = new ChromeDriverService.Builder()
                .usingDriverExecutable(driverProgram.toFile())
                .usingAnyFreePort()
                .build();
        this.driver = new ChromeDriver(service, options);
    }

    /** Starts one, with an empty profile of its own. */
    public static Browser start() {
        Path program = PROGRAMS.stream().flatMap(Browser::find).findFirst().orElse(null);
        Path driverProgram = find("chromedriver").findFirst().orElse(null);
        boolean isThere = program != null && driverProgram != null;
        if (!isThere && !"required".equals(System.getenv("SSE_TEST_BROWSER"))) {
            Assumptions.abort("There is no Chromium with its driver on the path");
        }
        if (program == null || driverProgram == null) {
            throw new IllegalStateException("Install Chromium and its driver (Debian: chromium, chromium-driver)");
        }
        return new Browser(program, driverProgram);
    }

    private static Stream<Path> find(String program) {
        return Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                .map(directory -> Path.of(directory, program))
                .filter(Files::isExecutable);
    }

    /** Goes to a page of that server, whatever it shows; scripts run with its origin. */
    public Browser visit(int port, String path) {
        driver.get("http://127.0.0.1:" + port + path);
        return this;
    }

    /** Runs a script and answers what it returns: a number as a long, an array as a list. */
    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // the caller knows its script
    public <T> @Nullable T run(String script, Object... arguments) {
        return (T) driver.executeScript(script, arguments);
    }

    /** Opens an empty tab, which calls are for from now on, and answers its name. */
    public String newTab() {
        return driver.switchTo().newWindow(WindowType.TAB).getWindowHandle();
    }

    /** The tab that calls are for. */
    public String tab() {
        return driver.getWindowHandle();
    }

    /** Calls are for that tab from now on. */
    public Browser in(String tab) {
        driver.switchTo().window(tab);
        return this;
    }

    /** Closes the tab that calls are for; another one must be chosen then. */
    public void closeTab() {
        driver.close();
    }

    /** Sends a command of the DevTools protocol to the tab that calls are for. */
    public void command(String name, Map<String, Object> parameters) {
        driver.executeCdpCommand(name, parameters);
    }

    /** Clicks where a user would; fails when something else is in front of it. */
    public void click(String selector) {
        driver.findElement(By.cssSelector(selector)).click();
    }

    /** Presses keys, with whatever has the focus. */
    public void press(CharSequence... keys) {
        new Actions(driver).sendKeys(keys).perform();
    }

    /** What is seen now, as PNG. */
    public byte[] screenshot() {
        return driver.getScreenshotAs(OutputType.BYTES);
    }

    @Override
    public void close() {
        driver.quit();
    }
}
