package dev.ssecluster.store;

import dev.ssecluster.event.StoreUnavailableException;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.UncategorizedSQLException;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.transaction.CannotCreateTransactionException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class DatabaseTests {

    private static final int DEADLOCK = 1213;

    private final Database database = new Database(new DriverManagerDataSource("jdbc:mysql://127.0.0.1:1/none"));
    private final AtomicInteger calls = new AtomicInteger();

    @Test
    void whenDeadlocksHappenThenItIsTriedAgain() {
        assertThat(database.call(failing(7, DEADLOCK))).isEqualTo("done");
        assertThat(calls).hasValue(8);
    }

    @Test
    void whenDeadlocksGoOnThenTheStoreIsUnavailable() {
        assertThatExceptionOfType(StoreUnavailableException.class).isThrownBy(() -> database.call(failing(1_000, DEADLOCK)));
        assertThat(calls).hasValue(8);
    }

    @Test
    void whenSomethingElseFailsThenItIsNotTriedAgain() {
        assertThatExceptionOfType(StoreUnavailableException.class).isThrownBy(() -> database.call(failing(1, 1290)));
        assertThat(calls).hasValue(1);
    }

    @Test
    void whenThereIsNoConnectionThenTheStoreIsUnavailable() {
        assertThatExceptionOfType(StoreUnavailableException.class)
                .isThrownBy(() -> database.transaction(() -> database.update(new Sql("DELETE FROM none"))))
                .withCauseInstanceOf(CannotCreateTransactionException.class);
    }

    @Test
    void whenTheNodeItselfHasAFaultThenItIsNotTheDatabases() {
        assertThatExceptionOfType(IllegalStateException.class).isThrownBy(() -> database.call(() -> {
            throw new IllegalStateException("a fault");
        }));
    }

    private Supplier<String> failing(int times, int code) {
        return () -> {
            if (calls.incrementAndGet() <= times) {
                throw new UncategorizedSQLException("test", null, new SQLException("text", "40001", code));
            }
            return "done";
        };
    }
}
