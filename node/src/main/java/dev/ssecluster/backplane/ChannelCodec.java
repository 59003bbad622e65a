package dev.ssecluster.backplane;

import dev.ssecluster.event.Target;
import dev.ssecluster.event.Target.Kind;
import io.lettuce.core.codec.RedisCodec;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * Decodes a channel's name straight to the one object that {@link Channels} has for it, so that neither Lettuce, which keeps
 * every name it is subscribed to, nor an event in a queue holds a copy.
 */
final class ChannelCodec implements RedisCodec<Source, byte[]> {

    private final Channels channels;

    ChannelCodec(Channels channels) {
        this.channels = channels;
    }

    @Override
    public Source decodeKey(ByteBuffer bytes) {
        byte[] name = decodeValue(bytes);
        Kind kind = kind(name);
        if (kind != null) {
            return channels.find(target(kind, name));
        }
        return isOwn(name) ? channels.node() : Source.Unknown.CHANNEL;
    }

    @Override
    public byte[] decodeValue(ByteBuffer bytes) {
        byte[] value = new byte[bytes.remaining()];
        bytes.get(value);
        return value;
    }

    @Override
    public ByteBuffer encodeKey(Source source) {
        return ByteBuffer.wrap(source.channel());
    }

    @Override
    public ByteBuffer encodeValue(byte[] value) {
        return ByteBuffer.wrap(value);
    }

    private static Target target(Kind kind, byte[] name) {
        if (kind == Kind.BROADCAST) {
            return Target.BROADCAST;
        }
        int start = Keys.PREFIX.length() + kind.label().length() + 1;
        return new Target(kind, new String(name, start, name.length - start, UTF_8));
    }

    /** Names are those that this node has subscribed to, so the first letter of the kind tells them apart. */
    private static @Nullable Kind kind(byte[] name) {
        return switch (name.length > Keys.PREFIX.length() ? name[Keys.PREFIX.length()] : 0) {
            case 'u' -> Kind.USER;
            case 'c' -> Kind.CLIENT;
            case 'g' -> Kind.GROUP;
            case 'b' -> Kind.BROADCAST;
            default -> null;
        };
    }

    private boolean isOwn(byte[] name) {
        return Arrays.equals(name, channels.node().channel());
    }
}
