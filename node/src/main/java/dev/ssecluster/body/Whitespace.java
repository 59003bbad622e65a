package dev.ssecluster.body;

import java.util.Arrays;

/** Removes the white space of JSON that means nothing; every other byte stays as it is. */
final class Whitespace {

    private Whitespace() {}

    /** A copy of well-formed JSON in {@code [from, to)} without white space outside strings. */
    static byte[] strip(byte[] json, int from, int to) {
        byte[] out = new byte[to - from];
        int length = 0;
        boolean inString = false;
        for (int i = from; i < to; i++) {
            byte b = json[i];
            if (b == '"') {
                inString = !inString;
            } else if (inString && b == '\\') {
                out[length++] = b;
                b = json[++i]; // an escaped quote does not end the string
            }
            if (inString || !isBlank(b)) {
                out[length++] = b;
            }
        }
        return length == out.length ? out : Arrays.copyOf(out, length);
    }

    private static boolean isBlank(byte b) {
        return b == ' ' || b == '\n' || b == '\r' || b == '\t';
    }
}
