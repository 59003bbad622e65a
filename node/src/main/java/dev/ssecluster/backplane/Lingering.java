package dev.ssecluster.backplane;

import dev.ssecluster.backplane.Channel.State;
import java.util.ArrayList;
import java.util.List;

/**
 * Channels without users that are still subscribed. They stay for one to two delays between sweeps, so that a client that comes
 * back at once finds its channel there. The lock of {@link Channels} guards it.
 */
final class Lingering {

    private List<Channel> channels = new ArrayList<>();
    private int sweeps;

    void add(Channel channel) {
        channel.leaveAtSweep = sweeps + 2; // the next sweep may come at once, the one after it comes a whole delay later
        if (!channel.lingering) {
            channel.lingering = true;
            channels.add(channel);
        }
    }

    void clear() {
        channels = new ArrayList<>();
    }

    /** Takes those whose time is over and marks them as being unsubscribed. */
    List<Channel> sweep() {
        sweeps++;
        List<Channel> candidates = channels;
        channels = new ArrayList<>();
        return candidates.stream().filter(this::leaves).toList();
    }

    private boolean leaves(Channel channel) {
        channel.lingering = false;
        if (channel.users > 0 || channel.state != State.SUBSCRIBED) {
            return false;
        }
        if (channel.leaveAtSweep > sweeps) {
            channel.lingering = true;
            channels.add(channel);
            return false;
        }
        channel.state = State.UNSUBSCRIBING;
        channel.unsubscribed = true;
        return true;
    }
}
