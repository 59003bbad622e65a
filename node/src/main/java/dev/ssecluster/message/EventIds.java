package dev.ssecluster.message;

import dev.ssecluster.event.Cursor;
import dev.ssecluster.store.MessageStore;
import java.util.Optional;
import org.springframework.stereotype.Component;

/** Understands event ids as clients have them: this server's, the {@code id} of a stream, and a predecessor's. */
@Component
record EventIds(MessageStore store) {

    /** How far a client is that has this id; empty when nothing has it. Blocks when it is a predecessor's. */
    Optional<Cursor> cursor(String text) {
        return Cursor.parse(text).or(() -> Optional.of(store.idOf(text)).filter(id -> id != 0).map(Cursor::at));
    }

    /** The event id in the text; text that is none of this server's is taken for a predecessor's. */
    static String eventId(String text) {
        return Cursor.parse(text).map(cursor -> Long.toString(cursor.id())).orElse(text);
    }
}
