package dev.ssecluster.test;

import java.time.Duration;
import java.util.stream.Stream;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;

/** A Redis in a container. */
final class ContainerRedis extends ContainerProcess implements RedisServer {

    private static final Duration START_LIMIT = Duration.ofSeconds(10);

    private final String[] options;

    ContainerRedis(String... options) {
        super(container(options), 6379, START_LIMIT);
        this.options = options;
    }

    @SuppressWarnings("resource") // closed with this object, or when it is replaced
    private static GenericContainer<?> container(String... options) {
        return new GenericContainer<>("redis:8.0")
                .withCommand(Stream.concat(Stream.of("redis-server"), Stream.of(options)).toArray(String[]::new))
                .waitingFor(Wait.forLogMessage(".*Ready to accept connections.*\\n", 1));
    }

    @Override
    public String uri() {
        return "redis://127.0.0.1:" + port();
    }

    @Override
    boolean answers(GenericContainer<?> running) throws Exception {
        return running.execInContainer("redis-cli", "ping").getStdout().contains("PONG");
    }

    @Override
    public void restartEmpty() {
        replace(container(options));
    }
}
