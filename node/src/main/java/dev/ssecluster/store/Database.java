package dev.ssecluster.store;

import dev.ssecluster.event.StoreUnavailableException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.springframework.core.NestedRuntimeException;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.RowCallbackHandler;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Runs statements, and turns what can go wrong into {@link StoreUnavailableException}. Every use of the store goes through
 * {@link #call}, {@link #transaction} or their like, once; what is run inside may be run several times. Thread-safe.
 */
final class Database {

    /** Other parts rely on it that no transaction is under way for longer than 30 s. */
    private static final Duration LONGEST_TRANSACTION = Duration.ofSeconds(15);

    /** Of as many that store the same at once, the last one gets through. */
    private static final int MOST_TRIES = 8;

    private static final long CONTENTION_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final JdbcTemplate jdbc;
    private final TransactionTemplate transactions;

    Database(DataSource source) {
        jdbc = new JdbcTemplate(source);
        transactions = new TransactionTemplate(new JdbcTransactionManager(source));
        transactions.setTimeout((int) LONGEST_TRANSACTION.toSeconds());
    }

    /** Runs statements that are a transaction each. */
    <T> T call(Supplier<T> statements) {
        try {
            return tryAgain(statements);
        } catch (DataAccessException | TransactionException e) {
            throw unavailable(e);
        }
    }

    /** As {@link #call}, when nothing comes of it. */
    void run(Runnable statements) {
        var _ = call(() -> {
            statements.run();
            return true;
        });
    }

    /** As {@link #transaction}, when nothing comes of it. */
    void runTransaction(Runnable statements) {
        run(() -> transactions.executeWithoutResult(_ -> statements.run()));
    }

    /** Runs statements in one transaction. */
    <T> T transaction(Supplier<T> statements) {
        return call(() -> Objects.requireNonNull(transactions.execute(_ -> statements.get())));
    }

    /** Of transactions that block each other one goes on, so a few tries are enough; waiting for a lock in vain is not repeated. */
    private static <T> T tryAgain(Supplier<T> statements) {
        long began = System.nanoTime();
        for (int tries = 1; ; tries++) {
            try {
                return statements.get();
            } catch (DataAccessException e) {
                boolean isLast = tries == MOST_TRIES || System.nanoTime() - began > CONTENTION_NANOS;
                if (isLast || Fault.of(e) != Fault.CONTENTION) {
                    throw e;
                }
            }
        }
    }

    private static StoreUnavailableException unavailable(NestedRuntimeException e) {
        return new StoreUnavailableException("The database is away or too slow: " + e.getMostSpecificCause().getMessage(), e);
    }

    <T> List<T> query(Sql sql, RowMapper<T> mapper) {
        return jdbc.query(sql.text(), sql::bind, mapper);
    }

    void forEach(Sql sql, RowCallbackHandler reader) {
        jdbc.query(sql.text(), sql::bind, reader);
    }

    /** How many rows were changed. */
    int update(Sql sql) {
        return jdbc.update(sql.text(), sql::bind);
    }
}
