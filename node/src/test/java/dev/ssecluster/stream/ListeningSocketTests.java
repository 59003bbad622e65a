package dev.ssecluster.stream;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIOException;

@EnabledOnOs(OS.LINUX)
class ListeningSocketTests {

    @Test
    void whenThePortIsListenedOnThenTheOptionIsSet() throws IOException {
        try (ServerSocketChannel server = ServerSocketChannel.open()) {
            server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            int port = ((InetSocketAddress) server.getLocalAddress()).getPort();
            assertThatCode(() -> new ListeningSocket(port).setUserTimeout(60_000)).doesNotThrowAnyException();
        }
    }

    @Test
    void whenNobodyListensThenItSaysSo() throws IOException {
        int port;
        try (ServerSocketChannel server = ServerSocketChannel.open()) {
            server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            port = ((InetSocketAddress) server.getLocalAddress()).getPort();
        }
        assertThatIOException().isThrownBy(() -> new ListeningSocket(port).setUserTimeout(60_000))
                .withMessageContaining(Integer.toString(port));
    }
}
