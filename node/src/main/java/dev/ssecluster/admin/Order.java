package dev.ssecluster.admin;

import dev.ssecluster.model.Disconnect;
import dev.ssecluster.model.Limits;
import dev.ssecluster.stream.RetryDelay;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How streams are to be closed, as one node tells the others: {@code block in milliseconds 8 | final 1}, numbers in network order. What a
 * newer node writes behind that is ignored.
 *
 * @param block for how long clients are kept away; zero: they may come back at once
 * @param isFinal whether they shall stay away
 */
record Order(Duration block, boolean isFinal) {

    private static final Duration MOST_SPREAD = Duration.ofSeconds(10);

    static Order of(@Nullable Disconnect how) {
        if (how == null) {
            return new Order(Duration.ZERO, false);
        }
        boolean isFinal = Boolean.TRUE.equals(how.isFinal());
        int seconds = Objects.requireNonNullElse(how.blockSeconds(), 0);
        return new Order(Duration.ofSeconds(isFinal && seconds == 0 ? Limits.FINAL_SECONDS : seconds), isFinal);
    }

    static Order decode(byte[] bytes) {
        ByteBuffer from = ByteBuffer.wrap(bytes);
        return new Order(Duration.ofMillis(from.getLong()), from.get() != 0);
    }

    byte[] encode() {
        return ByteBuffer.allocate(Long.BYTES + 1).putLong(block.toMillis()).put((byte) (isFinal ? 1 : 0)).array();
    }

    /**
     * When those that were closed are to come back: after the block, spread, so that they do not all come at its end. When it is final, at
     * once, because an EventSource stays away only when its next request is told so.
     *
     * @param usual when streams come back that were closed for another reason
     */
    RetryDelay retry(RetryDelay usual) {
        if (isFinal || block.isZero()) {
            return usual;
        }
        Duration spread = block.dividedBy(4).plus(usual.max());
        return new RetryDelay(block, block.plus(spread.compareTo(MOST_SPREAD) < 0 ? spread : MOST_SPREAD));
    }
}
