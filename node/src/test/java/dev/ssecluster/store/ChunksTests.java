package dev.ssecluster.store;

import java.util.List;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ChunksTests {

    @Test
    void whenThereIsNothingThenThereAreNoChunks() {
        assertThat(Chunks.of(List.of(), 3)).isEmpty();
    }

    @Test
    void whenThereAreManyThenChunksAreFullAndInOrder() {
        assertThat(Chunks.of(List.of(1, 2, 3, 4, 5, 6, 7), 3)).containsExactly(List.of(1, 2, 3), List.of(4, 5, 6), List.of(7));
        assertThat(Chunks.of(List.of(1, 2, 3), 3)).containsExactly(List.of(1, 2, 3));
    }

    @Test
    void whenTheyAreHeavyThenAChunkHoldsFewer() {
        assertThat(Chunks.byWeight(List.of(4, 4, 4, 30, 1, 9, 1), 3, 10, weight -> weight))
                .containsExactly(List.of(4, 4), List.of(4), List.of(30), List.of(1, 9), List.of(1));
    }
}
