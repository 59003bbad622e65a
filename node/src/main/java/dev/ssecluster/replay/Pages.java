package dev.ssecluster.replay;

/** The pages of one replay, the oldest first. Used by one thread at a time; reading a page blocks. */
final class Pages {

    private final Page first;
    private final long fence;
    private final Source source;

    /** Where further pages come from. */
    interface Source {

        /**
         * The page behind {@code after}.
         *
         * @throws ReplayBrokenException when it cannot be read, or not proved to be complete
         */
        Page read(long after);
    }

    private Pages(Page first, long fence, Source source) {
        this.first = first;
        this.fence = fence;
        this.source = source;
    }

    static Pages of(Page first, long fence, Source source) {
        return new Pages(first, fence, source);
    }

    static Pages none(long fence) {
        return new Pages(Page.last(fence), fence, _ -> Page.last(fence));
    }

    /** The first page, which was read already. */
    Page first() {
        return first;
    }

    Page after(Page page) {
        return source.read(page.upTo());
    }

    long fence() {
        return fence;
    }

    boolean isEmpty() {
        return first.isLast(fence) && first.events().isEmpty();
    }
}
