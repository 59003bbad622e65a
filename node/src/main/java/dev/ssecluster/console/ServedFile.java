package dev.ssecluster.console;

import java.io.IOException;
import java.io.OutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import org.springframework.core.io.Resource;

/** A file of this build, as browsers get it. Immutable. */
final class ServedFile {

    private static final Map<String, String> TYPES = Map.of(
            "html", "text/html; charset=utf-8",
            "css", "text/css; charset=utf-8",
            "js", "text/javascript; charset=utf-8",
            "ts", "text/plain; charset=utf-8",
            "svg", "image/svg+xml");

    private static final int TAG_BYTES = 12;

    private final Part part;
    private final String type;
    private final byte[] content;
    private final String tag;

    /** What a file is part of. */
    enum Part {
        /** The console: for pages of this origin only. */
        CONSOLE,
        /** The browser client: for every page that may call this node. */
        CLIENT
    }

    private ServedFile(Part part, String type, byte[] content) {
        this.part = part;
        this.type = type;
        this.content = content;
        this.tag = tag(content);
    }

    static ServedFile read(Part part, String name, Resource source) throws IOException {
        return new ServedFile(part, type(name), source.getContentAsByteArray());
    }

    private static String type(String name) {
        String type = TYPES.get(name.substring(name.lastIndexOf('.') + 1));
        if (type == null) {
            throw new IllegalStateException(name + " is of no known type");
        }
        return type;
    }

    private static String tag(byte[] content) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(content);
            return '"' + HexFormat.of().formatHex(digest, 0, TAG_BYTES) + '"';
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every Java has it
        }
    }

    Part part() {
        return part;
    }

    /** As in {@code Content-Type}. */
    String type() {
        return type;
    }

    /** Its entity tag (RFC 9110): another one when the content is another. */
    String tag() {
        return tag;
    }

    /** Bytes. */
    int length() {
        return content.length;
    }

    void writeTo(OutputStream out) throws IOException {
        out.write(content);
    }
}
