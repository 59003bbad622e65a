package dev.ssecluster.clients;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;

/** {@code curl}, with bash around it. */
final class CurlClients {

    private CurlClients() {}

    static Client client() {
        return new Client("curl", Map.of(
                Level.LIBRARY, (stream, diary) -> open("once.sh", stream, diary),
                Level.APPLICATION, (stream, diary) -> open("stream.sh", stream, diary)));
    }

    private static Runnable open(String script, URI stream, Diary diary) {
        try {
            Process process = new ProcessBuilder(Path.of("curl", script).toString(), stream.toString(), "5")
                    .redirectError(Redirect.INHERIT)
                    .start();
            Thread.ofPlatform().daemon().start(() -> listen(process, diary));
            return () -> stop(process);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void listen(Process process, Diary diary) {
        try (BufferedReader out = process.inputReader()) {
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                tell(line.split("\t", 4), diary);
            }
        } catch (IOException e) {
            // It was stopped.
        }
    }

    private static void tell(String[] fields, Diary diary) {
        if (fields[0].equals("event")) {
            diary.event(fields[1], fields[2], fields[3]);
        } else {
            diary.ended(fields[1]);
        }
    }

    private static void stop(Process process) {
        process.descendants().forEach(ProcessHandle::destroy);
        process.destroy();
    }
}
