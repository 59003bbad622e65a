package dev.ssecluster.test;

import com.github.dockerjava.api.DockerClient;
import dev.ssecluster.local.LocalServer;
import java.util.List;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;

import static org.awaitility.Awaitility.await;

/** A container whose port stays the same across restarts. */
final class ContainerRedis implements RedisServer {

    private final DockerClient docker = DockerClientFactory.instance().client();
    private final int port = LocalServer.freePort();
    private final String[] options;
    private GenericContainer<?> container;

    ContainerRedis(String... options) {
        this.options = options;
        this.container = started();
    }

    @SuppressWarnings("resource") // closed with this object, or before it is replaced
    private GenericContainer<?> started() {
        String[] command = new String[options.length + 1];
        command[0] = "redis-server";
        System.arraycopy(options, 0, command, 1, options.length);
        GenericContainer<?> created = new GenericContainer<>("redis:8.0")
                .withCommand(command)
                .waitingFor(Wait.forLogMessage(".*Ready to accept connections.*\\n", 1));
        created.setPortBindings(List.of("127.0.0.1:" + port + ":6379"));
        created.start();
        return created;
    }

    @Override
    public String uri() {
        return "redis://127.0.0.1:" + port;
    }

    @Override
    public void pause() {
        docker.pauseContainerCmd(container.getContainerId()).exec();
    }

    @Override
    public void resume() {
        docker.unpauseContainerCmd(container.getContainerId()).exec();
    }

    @Override
    public void kill() {
        if (isRunning()) {
            docker.killContainerCmd(container.getContainerId()).exec();
            await().until(() -> !isRunning());
        }
    }

    private boolean isRunning() {
        return Boolean.TRUE.equals(
                docker.inspectContainerCmd(container.getContainerId()).exec().getState().getRunning());
    }

    @Override
    public void restart() {
        kill();
        docker.startContainerCmd(container.getContainerId()).exec();
        await().until(this::answers);
    }

    private boolean answers() throws Exception {
        return container.execInContainer("redis-cli", "ping").getStdout().contains("PONG");
    }

    @Override
    public void restartEmpty() {
        container.stop(); // removes it
        container = started();
    }

    @Override
    public void close() {
        container.stop();
    }
}
