package dev.ssecluster.test;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

/** Every command that a Redis executes from now on, those inside scripts included ({@code MONITOR}). */
public final class RedisMonitor implements AutoCloseable {

    private final Queue<String> lines = new ConcurrentLinkedQueue<>();
    private final Socket socket;

    /** Hears everything that is executed after this constructor. */
    public RedisMonitor(RedisServer server) {
        URI uri = URI.create(server.uri());
        try {
            socket = new Socket(uri.getHost(), uri.getPort());
            socket.getOutputStream().write("MONITOR\r\n".getBytes(ISO_8859_1));
            BufferedReader reader = new BufferedReader(new InputStreamReader(socket.getInputStream(), ISO_8859_1));
            reader.readLine(); // +OK
            Thread.ofVirtual().start(() -> read(reader));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void read(BufferedReader reader) {
        try {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                lines.add(line);
            }
        } catch (IOException e) {
            assert socket.isClosed(); // the test is over
        }
    }

    /** How often entries of that stream were read so far, from either end. */
    public int reads(String stream) {
        return commands("xrange", stream).size() + commands("xrevrange", stream).size();
    }

    /** The commands so far of that name on that key, as {@code MONITOR} prints them. */
    public List<String> commands(String name, String key) {
        return lines.stream().filter(line -> line.regionMatches(true, line.indexOf('"'), "\"" + name + "\" \"" + key + "\"", 0,
                name.length() + key.length() + 5)).toList();
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
