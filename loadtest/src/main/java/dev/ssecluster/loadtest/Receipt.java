package dev.ssecluster.loadtest;

/**
 * One event as a stream brought it.
 *
 * @param number the event's number in the run; -1 when the data was not one
 * @param id the event id: the part of the SSE {@code id:} before any {@code ~}; -1 when it was not a number
 * @param nanos when, by {@link System#nanoTime}
 */
record Receipt(int number, long id, long nanos) {

    static Receipt of(SseParser.Received event, long nanos) {
        String id = event.lastEventId().split("~", 2)[0];
        return new Receipt((int) number(event.data(), 9), number(id, 18), nanos);
    }

    private static long number(String text, int mostDigits) {
        return text.length() <= mostDigits && text.matches("[0-9]+") ? Long.parseLong(text) : -1;
    }
}
