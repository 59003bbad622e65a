package dev.ssecluster.test;

import com.github.dockerjava.api.DockerClient;
import dev.ssecluster.local.LocalServer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.mysql.MySQLContainer;

import static org.awaitility.Awaitility.await;

/** A container whose port stays the same across restarts. */
final class ContainerDatabase implements DatabaseServer {

    private static final Duration START_LIMIT = Duration.ofSeconds(60);

    private final DockerClient docker = DockerClientFactory.instance().client();
    private final MySQLContainer container;
    private final Database database;

    ContainerDatabase() {
        int port = LocalServer.freePort();
        container = new OnLoopback().withDatabaseName("sse").withUsername("sse").withPassword("sse");
        container.setPortBindings(List.of("127.0.0.1:" + port + ":3306"));
        container.start();
        database = new Database("jdbc:mysql://127.0.0.1:" + port + "/sse", "sse", "sse");
    }

    /** Where the port is bound to. Testcontainers may know this machine by another address, at which nothing would answer. */
    private static final class OnLoopback extends MySQLContainer {

        OnLoopback() {
            super("mysql:9.7");
        }

        @Override
        public String getHost() {
            return "127.0.0.1";
        }
    }

    @Override
    public Database database() {
        return database;
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
        await().atMost(START_LIMIT).until(this::answers);
    }

    private boolean answers() {
        try (Connection connection = DriverManager.getConnection(database.jdbcUrl(), database.username(), database.password())) {
            return connection.isValid(1);
        } catch (SQLException e) {
            return false;
        }
    }

    @Override
    public void close() {
        container.stop();
    }
}
