package dev.ssecluster.registry;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class NodeInfoTests {

    @Test
    void whenItIsWrittenThenItCanBeRead() {
        NodeInfo info = new NodeInfo("10.0.0.7:8081", "1", 2, 3, 4, 5, 6, 7, 8);
        assertThat(NodeInfo.parse(info.json())).isEqualTo(info);
    }

    /** While a cluster is upgraded its nodes are not all the same. */
    @Test
    void whenANodeOfAnotherVersionSaysLessOrMoreThenTheRestCounts() {
        String json = "{\"address\":\"a\",\"version\":\"0\",\"started\":2,\"streams\":3,\"users\":4,\"groups\":5,\"new\":{}}";
        assertThat(NodeInfo.parse(json)).isEqualTo(new NodeInfo("a", "0", 2, 3, 4, 5, 0, 0, 0));
    }
}
