package dev.ssecluster.backplane;

import dev.ssecluster.event.Target;
import io.lettuce.core.codec.RedisCodec;
import java.nio.ByteBuffer;
import java.util.Arrays;

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
        Target target = Keys.target(name);
        if (target != null) {
            return channels.find(target);
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

    private boolean isOwn(byte[] name) {
        return Arrays.equals(name, channels.node().channel());
    }
}
