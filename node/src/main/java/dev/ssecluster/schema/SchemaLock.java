package dev.ssecluster.schema;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Objects;
import javax.sql.DataSource;
import liquibase.integration.spring.SpringLiquibase;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.stereotype.Component;

/**
 * Runs Liquibase under a named lock of the database. Liquibase's own lock is a row of a table, so it cannot guard the
 * creation of its tables: of several nodes that start together on an empty database all but one would fail with "Table
 * 'DATABASECHANGELOG' already exists". And it is asked for only every 10 s, this one is handed over at once. The database
 * frees it when the connection ends, so a node that dies leaves nothing locked.
 */
@Component
final class SchemaLock implements BeanPostProcessor {

    private static final Duration LIMIT = Duration.ofMinutes(2);
    // Such locks hold for the whole server; two databases on it need not wait for each other.
    private static final String LOCK = "select get_lock(concat('sse:schema:', left(database(), 40)), ?)";

    private @Nullable Connection lock;

    @Override
    public Object postProcessBeforeInitialization(Object bean, String name) {
        if (bean instanceof SpringLiquibase liquibase) {
            DataSource database = new UnhurriedDataSource(liquibase.getDataSource());
            liquibase.setDataSource(database);
            lock = acquire(database);
        }
        return bean;
    }

    @Override
    public Object postProcessAfterInitialization(Object bean, String name) {
        if (bean instanceof SpringLiquibase) {
            release();
        }
        return bean;
    }

    private static Connection acquire(DataSource database) {
        try {
            Connection connection = database.getConnection();
            if (!isGranted(connection)) {
                connection.close();
                throw new IllegalStateException("Another node has been changing the schema for " + LIMIT.toSeconds() + " s");
            }
            return connection;
        } catch (SQLException e) {
            throw new IllegalStateException("Cannot lock the database's schema: " + e.getMessage(), e);
        }
    }

    private static boolean isGranted(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(LOCK)) {
            statement.setLong(1, LIMIT.toSeconds());
            try (ResultSet result = statement.executeQuery()) {
                return result.next() && result.getInt(1) == 1;
            }
        }
    }

    /** The connection goes back to its pool and stays open, so the lock has to be given back. */
    private void release() {
        try (Connection connection = Objects.requireNonNull(lock);
                PreparedStatement statement = connection.prepareStatement("select release_all_locks()")) {
            statement.execute();
            lock = null;
        } catch (SQLException e) {
            throw new IllegalStateException("Cannot unlock the database's schema: " + e.getMessage(), e);
        }
    }
}
