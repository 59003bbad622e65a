package dev.ssecluster.local;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** Speaks just enough of Redis's protocol to see whether one answers. */
final class RedisProbe {

    private RedisProbe() {}

    /** The first line of the answer to a command; a bulk string's is its length. */
    static String ask(int port, String command, Duration timeout) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout((int) timeout.toMillis());
            socket.getOutputStream().write((command + "\r\n").getBytes(StandardCharsets.US_ASCII));
            BufferedReader in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
            return in.readLine();
        }
    }

    static String ask(int port, String command) throws IOException {
        return ask(port, command, Duration.ofSeconds(5));
    }
}
