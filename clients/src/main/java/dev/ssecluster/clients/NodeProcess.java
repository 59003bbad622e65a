package dev.ssecluster.clients;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/** The npm package {@code eventsource} in Node.js. */
final class NodeProcess implements AutoCloseable {

    private final JsonMapper json = JsonMapper.builder().build();
    private final Sessions sessions = new Sessions();
    private final Process process;
    private final BufferedWriter commands;

    private NodeProcess(Process process) {
        this.process = process;
        this.commands = process.outputWriter();
    }

    static NodeProcess start() throws IOException {
        NodeProcess node = new NodeProcess(new ProcessBuilder("node", "run.js")
                .directory(Path.of("node").toFile())
                .redirectError(Redirect.INHERIT)
                .start());
        Thread.ofPlatform().daemon().start(node::listen);
        return node;
    }

    Client eventsource() {
        return new Client("eventsource", Map.of(
                Level.LIBRARY, (stream, diary) -> open(Level.LIBRARY, stream, diary),
                Level.APPLICATION, (stream, diary) -> open(Level.APPLICATION, stream, diary)));
    }

    private Runnable open(Level level, URI stream, Diary diary) {
        int session = sessions.begin(diary);
        command(Map.of("open", session, "level", level, "url", stream));
        return () -> command(Map.of("close", session));
    }

    private synchronized void command(Map<String, ?> command) {
        try {
            commands.write(json.writeValueAsString(command) + "\n");
            commands.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void listen() {
        try (BufferedReader out = process.inputReader()) {
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                sessions.tell(json.readValue(line, Sessions.Told.class));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        commands.close();
        process.destroy();
    }
}
