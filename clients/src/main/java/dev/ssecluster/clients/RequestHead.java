package dev.ssecluster.clients;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The head of a request without a body.
 *
 * @param lines the request line and the headers
 */
record RequestHead(List<String> lines) {

    private static final byte[] END = "\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    /** Blocks for the next one; null when there is no more. */
    static @Nullable RequestHead read(InputStream in) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        int matched = 0;
        while (matched < END.length) {
            int next = in.read();
            if (next < 0) {
                return null;
            }
            bytes.write(next);
            matched = next == END[matched] ? matched + 1 : next == END[0] ? 1 : 0;
        }
        return new RequestHead(Arrays.asList(bytes.toString(StandardCharsets.ISO_8859_1).split("\r\n")));
    }

    byte[] bytes() {
        return (String.join("\r\n", lines) + "\r\n\r\n").getBytes(StandardCharsets.ISO_8859_1);
    }

    boolean isForStream() {
        return lines.getFirst().startsWith("GET ");
    }

    Optional<String> header(String name) {
        String start = name + ":";
        return lines.stream()
                .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(start))
                .map(line -> line.substring(start.length()).strip())
                .filter(value -> !value.isEmpty())
                .findFirst();
    }

    Optional<String> parameter(String name) {
        String target = lines.getFirst().split(" ", 3)[1];
        return Arrays.stream(target.substring(target.indexOf('?') + 1).split("&", -1))
                .filter(pair -> pair.startsWith(name + "="))
                .map(pair -> URLDecoder.decode(pair.substring(name.length() + 1), StandardCharsets.UTF_8))
                .findFirst();
    }
}
