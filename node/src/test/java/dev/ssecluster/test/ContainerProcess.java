package dev.ssecluster.test;

import com.github.dockerjava.api.DockerClient;
import dev.ssecluster.local.LocalServer;
import java.time.Duration;
import java.util.List;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;

import static org.awaitility.Awaitility.await;

/** A server in a container, on a port of loopback that stays the same across restarts. Every method blocks until it is done. */
abstract class ContainerProcess {

    private final DockerClient docker = DockerClientFactory.instance().client();
    private final int port = LocalServer.freePort();
    private final int innerPort;
    private final Duration startLimit;
    private GenericContainer<?> container;

    /** Starts it, which waits as the container says. */
    ContainerProcess(GenericContainer<?> container, int innerPort, Duration startLimit) {
        this.innerPort = innerPort;
        this.startLimit = startLimit;
        this.container = started(container);
    }

    private GenericContainer<?> started(GenericContainer<?> created) {
        created.setPortBindings(List.of("127.0.0.1:" + port + ":" + innerPort));
        created.start();
        return created;
    }

    /** Whether it is ready again after a restart. */
    abstract boolean answers(GenericContainer<?> running) throws Exception;

    int port() {
        return port;
    }

    public void pause() {
        docker.pauseContainerCmd(container.getContainerId()).exec();
    }

    public void resume() {
        docker.unpauseContainerCmd(container.getContainerId()).exec();
    }

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

    public void restart() {
        kill();
        docker.startContainerCmd(container.getContainerId()).exec();
        await().atMost(startLimit).until(() -> answers(container));
    }

    /** Starts another one in its place, without its data. */
    void replace(GenericContainer<?> by) {
        container.stop(); // removes it
        container = started(by);
    }

    public void close() {
        container.stop();
    }
}
