package dev.ssecluster.test;

import dev.ssecluster.local.LocalMariaDb;
import dev.ssecluster.local.LocalRedis;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.UUID;
import org.testcontainers.mysql.MySQLContainer;

/**
 * The servers for integration tests: by default a Redis 7.0 and a MariaDB 11.4 as child processes; with
 * {@code -Dsse.test.services=containers} Redis 8 and MySQL 9 in containers. The shared ones start when they are first asked
 * for and end with the JVM; their data are shared by all tests, so each test uses names of its own. A test that pauses or
 * kills a server takes a new one.
 */
public final class TestServices {

    private static final boolean CONTAINERS = System.getProperty("sse.test.services", "embedded").equals("containers");

    private TestServices() {}

    /** The shared Redis. */
    public static RedisServer redis() {
        return SharedRedis.SERVER;
    }

    /** The shared database. */
    public static Database database() {
        return SharedDatabase.DATABASE;
    }

    /** An empty database of the test's own on the shared server, gone with it. */
    public static Database emptyDatabase() {
        Database shared = database();
        String name = "sse_" + UUID.randomUUID().toString().replace("-", "");
        try (Connection connection = DriverManager.getConnection(shared.jdbcUrl(), shared.username(), shared.password());
                Statement statement = connection.createStatement()) {
            statement.executeUpdate("create database " + name + " character set utf8mb4");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        return new Database(shared.jdbcUrl().replaceFirst("/sse$", "/" + name), shared.username(), shared.password());
    }

    /** A Redis of the test's own, with further options of {@code redis-server}. Keeps nothing on disk. */
    public static RedisServer newRedis(String... options) {
        return CONTAINERS ? new ContainerRedis(options) : new EmbeddedRedis(LocalRedis.start(options));
    }

    /** A Redis of the test's own that finds every answered write again after a restart. */
    public static RedisServer newPersistentRedis() {
        return newRedis("--appendonly", "yes", "--appendfsync", "always"); // everysec may write late while the disk is busy
    }

    /** A database of the test's own. */
    public static DatabaseServer newDatabase() {
        return CONTAINERS ? new ContainerDatabase() : new EmbeddedDatabase(LocalMariaDb.start());
    }

    /** The properties by which a node uses the shared servers. */
    public static Map<String, Object> properties() {
        return properties(redis());
    }

    /** The properties by which a node uses that Redis and the shared database. */
    public static Map<String, Object> properties(RedisServer redis) {
        return properties(redis, database());
    }

    /** The properties by which a node uses that Redis and that database. */
    public static Map<String, Object> properties(RedisServer redis, Database database) {
        return Map.of(
                "spring.data.redis.url", redis.uri(),
                "spring.datasource.url", database.jdbcUrl(),
                "spring.datasource.username", database.username(),
                "spring.datasource.password", database.password());
    }

    /** Starts when first used. */
    private static final class SharedRedis {

        private static final RedisServer SERVER = newRedis();
    }

    /** Starts when first used. */
    private static final class SharedDatabase {

        private static final Database DATABASE = CONTAINERS ? startContainer() : startProcess();
    }

    private static Database startProcess() {
        LocalMariaDb server = LocalMariaDb.start();
        return new Database(server.jdbcUrl(), server.username(), server.password());
    }

    @SuppressWarnings("resource") // lives as long as the JVM; Testcontainers removes it then
    private static Database startContainer() {
        MySQLContainer server = new MySQLContainer("mysql:9.7")
                .withDatabaseName("sse")
                .withUsername("sse")
                .withPassword("sse")
                .withTmpFs(Map.of("/var/lib/mysql", "rw"));
        server.start();
        mayMakeDatabases(server);
        return new Database(server.getJdbcUrl(), server.getUsername(), server.getPassword());
    }

    private static void mayMakeDatabases(MySQLContainer server) {
        try (Connection connection = DriverManager.getConnection(server.getJdbcUrl(), "root", server.getPassword());
                Statement statement = connection.createStatement()) {
            statement.execute("grant all on `sse%`.* to " + server.getUsername());
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
