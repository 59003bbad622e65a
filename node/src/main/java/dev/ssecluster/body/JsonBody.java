package dev.ssecluster.body;

import dev.ssecluster.problem.Phrase;
import dev.ssecluster.problem.ProblemType;
import dev.ssecluster.problem.RefusedException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.json.JsonFactory;

/**
 * One body, read once from its beginning to its end. Strict JSON by RFC 8259. Used by one thread.
 *
 * <p>Every method throws {@link RefusedException} as soon as the bytes are not well-formed.
 */
final class JsonBody implements AutoCloseable {

    /** Levels of objects and arrays. */
    static final int DEEPEST = 256;

    private static final int UNLIMITED = Integer.MAX_VALUE; // the body has its limit already

    private static volatile Source source = new Source();

    private final byte[] bytes;
    private final JsonParser parser;

    JsonBody(byte[] bytes) {
        refuseOtherEncodings(bytes);
        this.bytes = bytes;
        this.parser = Source.forBody(bytes.length).createParser(ObjectReadContext.empty(), bytes, 0, bytes.length);
    }

    private static void refuseOtherEncodings(byte[] bytes) {
        if (bytes.length >= 3 && bytes[0] == (byte) 0xEF && bytes[1] == (byte) 0xBB && bytes[2] == (byte) 0xBF) {
            throw malformed(Phrase.of("malformed.byte-order-mark"));
        }
        if (!Utf8.isValid(bytes)) {
            throw malformed(Phrase.of("malformed.utf-8"));
        }
    }

    /** Goes to the next token; null at the end of the body. */
    @Nullable JsonToken next() {
        try {
            return parser.nextToken();
        } catch (JacksonException e) {
            throw malformed(e);
        }
    }

    /** Goes to the next property's name; null at the end of the object. */
    @Nullable String nextName() {
        return next() == JsonToken.PROPERTY_NAME ? parser.currentName() : null;
    }

    /** Begins the body. */
    void startObject() {
        JsonToken first = next();
        if (first != JsonToken.START_OBJECT) {
            throw malformed(Phrase.of(first == null ? "malformed.empty" : "malformed.not-an-object"));
        }
    }

    /** Ends the body. */
    void end() {
        if (next() != null) {
            throw malformed(Phrase.of("malformed.trailing"));
        }
    }

    /** Passes over the current value, with everything inside it. */
    void skip() {
        try {
            parser.skipChildren();
        } catch (JacksonException e) {
            throw malformed(e);
        }
    }

    /** The current token. */
    @Nullable JsonToken token() {
        return parser.currentToken();
    }

    /** The text of the current string or number. */
    String text() {
        try {
            return parser.getString();
        } catch (JacksonException e) {
            throw malformed(e);
        }
    }

    /** The current value, whatever it is, in the publisher's own bytes without insignificant white space. */
    EncodedJson value() {
        try {
            int from = offset(parser.currentTokenLocation());
            parser.skipChildren();
            parser.finishToken(); // a string is read only when somebody asks for it
            return new EncodedJson(Whitespace.strip(bytes, from, offset(parser.currentLocation())));
        } catch (JacksonException e) {
            throw malformed(e);
        }
    }

    @Override
    public void close() {
        parser.close();
    }

    private static int offset(TokenStreamLocation location) {
        return (int) location.getByteOffset();
    }

    private static RefusedException malformed(JacksonException e) {
        if (e instanceof StreamConstraintsException) {
            return malformed(Phrase.of("malformed.too-deep", DEEPEST));
        }
        TokenStreamLocation at = e.getLocation();
        return malformed(Phrase.of("malformed.at", at.getLineNr(), at.getColumnNr()));
    }

    private static RefusedException malformed(Phrase what) {
        return RefusedException.of(ProblemType.MALFORMED_JSON, what);
    }

    /**
     * A factory for some bodies. It keeps the property names of each for the next, bounded in number but not in bytes, and they
     * are the publishers' names; so after a few megabytes of bodies another one takes its place.
     */
    private static final class Source {

        private static final int MOST_BYTES = 4 * 1024 * 1024;

        private final AtomicLong read = new AtomicLong();
        private final JsonFactory factory = JsonFactory.builder()
                .disable(TokenStreamFactory.Feature.CHARSET_DETECTION) // UTF-8 only; detection would accept UTF-16
                .disable(TokenStreamFactory.Feature.INTERN_PROPERTY_NAMES) // they are the publishers' names
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(DEEPEST)
                        .maxNumberLength(UNLIMITED)
                        .maxStringLength(UNLIMITED)
                        .maxNameLength(UNLIMITED)
                        .build())
                .build();

        static JsonFactory forBody(int bytes) {
            Source current = source;
            if (current.read.getAndAdd(bytes) > MOST_BYTES) {
                current = new Source();
                source = current;
            }
            return current.factory;
        }
    }
}
