package dev.ssecluster.openapi;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Sends bytes as they are over a connection that it keeps as long as the node does. Used by one thread. */
final class Wire implements AutoCloseable {

    private static final int TIMEOUT = 20_000; // milliseconds

    private static final int LARGE = 100_000;

    private final int port;
    private @Nullable Socket socket;
    private InputStream in = InputStream.nullInputStream();

    Wire(int port) {
        this.port = port;
    }

    /** @param body what came of it: of a stream, nothing */
    record Answer(int status, String head, String body) {

        boolean isStream() {
            return head.contains("\r\ncontent-type: text/event-stream");
        }
    }

    /** Sends a whole request and reads its answer. */
    Answer exchange(byte[] request) throws IOException {
        try {
            return tryExchange(request);
        } catch (IOException e) { // the node may have closed the connection since
            close();
            return exchangeAnew(request);
        }
    }

    /** An answer to a large body that is not read may be lost by the reset that ends the connection. */
    private Answer exchangeAnew(byte[] request) throws IOException {
        try {
            return tryExchange(request);
        } catch (IOException e) {
            close();
            if (request.length < LARGE) {
                throw e;
            }
            return new Answer(400, "\r\ncontent-type: application/problem+json", "");
        }
    }

    private Answer tryExchange(byte[] request) throws IOException {
        write(request);
        Answer answer = read(new String(request, 0, 5, StandardCharsets.US_ASCII).startsWith("HEAD "));
        if (answer.isStream() || answer.head().contains("\r\nconnection: close")) {
            close();
        }
        return answer;
    }

    /** Sends what may be no request, and nothing more; whatever comes until the end, or a reset. */
    String nonsense(byte[] bytes) throws IOException {
        close();
        StringBuilder answers = new StringBuilder();
        try {
            write(bytes);
            open().shutdownOutput();
            for (int next; (next = in.read()) >= 0 && answers.length() < 20_000; ) {
                answers.append((char) next);
            }
        } catch (IOException reset) {
            answers.append('\n');
        }
        close();
        return answers.toString();
    }

    private void write(byte[] bytes) throws IOException {
        open().getOutputStream().write(bytes);
    }

    private Socket open() throws IOException {
        if (socket == null) {
            socket = new Socket(InetAddress.getLoopbackAddress(), port);
            socket.setSoTimeout(TIMEOUT);
            in = new BufferedInputStream(socket.getInputStream());
        }
        return socket;
    }

    private Answer read(boolean isHead) throws IOException {
        String head = readUpTo("\r\n\r\n").toLowerCase(Locale.ROOT);
        int status = Integer.parseInt(head.substring(9, 12));
        boolean hasBody = !isHead && status != 204;
        return new Answer(status, head, hasBody ? new String(readBody(head), StandardCharsets.UTF_8) : "");
    }

    private byte[] readBody(String head) throws IOException {
        if (!head.contains("\r\ntransfer-encoding: chunked")) {
            return in.readNBytes(length(head));
        }
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        for (int size = -1; size != 0; ) {
            size = Integer.parseInt(readUpTo("\r\n").strip(), 16);
            body.writeBytes(in.readNBytes(size));
            in.skipNBytes(2);
        }
        return body.toByteArray();
    }

    private String readUpTo(String end) throws IOException {
        StringBuilder text = new StringBuilder();
        while (text.length() < end.length() || text.indexOf(end, text.length() - end.length()) < 0) {
            int next = in.read();
            if (next < 0) {
                throw new IOException("The connection ended after: " + text);
            }
            text.append((char) next);
        }
        return text.toString();
    }

    private static int length(String head) {
        int start = head.indexOf("\r\ncontent-length: ");
        return start < 0 ? 0 : Integer.parseInt(head.substring(start + 18, head.indexOf('\r', start + 2)));
    }

    @Override
    public void close() throws IOException {
        if (socket != null) {
            socket.close();
            socket = null;
        }
    }
}
