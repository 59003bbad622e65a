package dev.ssecluster.test;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.mysql.MySQLContainer;

/** A MySQL in a container. */
final class ContainerDatabase extends ContainerProcess implements DatabaseServer {

    private static final String NAME = "sse"; // of the database, the user and the password
    private static final Duration START_LIMIT = Duration.ofSeconds(60);

    private final Database database;

    @SuppressWarnings("resource") // closed with this object
    ContainerDatabase() {
        super(new OnLoopback().withDatabaseName(NAME).withUsername(NAME).withPassword(NAME), MySQLContainer.MYSQL_PORT, START_LIMIT);
        database = new Database("jdbc:mysql://127.0.0.1:" + port() + "/" + NAME, NAME, NAME);
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
    boolean answers(GenericContainer<?> running) {
        try (Connection connection = DriverManager.getConnection(database.jdbcUrl(), database.username(), database.password())) {
            return connection.isValid(1);
        } catch (SQLException e) {
            return false;
        }
    }
}
