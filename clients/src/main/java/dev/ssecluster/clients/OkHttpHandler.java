package dev.ssecluster.clients;

import com.launchdarkly.eventsource.MessageEvent;
import com.launchdarkly.eventsource.background.BackgroundEventHandler;

// snippet
/** Passes events on. */
record OkHttpHandler(Listener listener) implements BackgroundEventHandler {

    @Override
    public void onOpen() {
        // The event "connected" says more.
    }

    @Override
    public void onClosed() {
        // After every connection; it comes back.
    }

    @Override
    public void onMessage(String type, MessageEvent event) {
        listener.event(type, event.getLastEventId(), event.getData());
    }

    @Override
    public void onComment(String comment) {
        // A heartbeat.
    }

    @Override
    public void onError(Throwable error) {
        // It comes back.
    }
}
