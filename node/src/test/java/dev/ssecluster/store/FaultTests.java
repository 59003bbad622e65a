package dev.ssecluster.store;

import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.jdbc.UncategorizedSQLException;

import static org.assertj.core.api.Assertions.assertThat;

class FaultTests {

    @Test
    void whenValuesAreToBlameThenItIsRefusedForGood() {
        assertThat(fault(1406, "22001")).isEqualTo(Fault.REFUSED); // too long
        assertThat(fault(1366, "HY000")).isEqualTo(Fault.REFUSED); // wrong characters
        assertThat(fault(1048, "23000")).isEqualTo(Fault.REFUSED); // null
        assertThat(fault(3819, "HY000")).isEqualTo(Fault.REFUSED); // a check of MySQL's
        assertThat(fault(4025, "23000")).isEqualTo(Fault.REFUSED); // a check of MariaDB's
    }

    @Test
    void whenAKeyExistsThenItIsADuplicate() {
        assertThat(fault(1062, "23000")).isEqualTo(Fault.DUPLICATE);
    }

    @Test
    void whenAnotherTransactionWasInTheWayThenItMayBeTriedAgain() {
        assertThat(fault(1213, "40001")).isEqualTo(Fault.CONTENTION);
        assertThat(fault(1205, "HY000")).isEqualTo(Fault.CONTENTION);
    }

    @Test
    void whenItIsTheDatabaseThenTheMessageIsNotToBlame() {
        assertThat(fault(1114, "HY000")).isEqualTo(Fault.AWAY); // disk full
        assertThat(fault(1290, "HY000")).isEqualTo(Fault.AWAY); // read-only
        assertThat(fault(1146, "42S02")).isEqualTo(Fault.AWAY); // no such table
        assertThat(fault(1364, "HY000")).isEqualTo(Fault.AWAY); // a column that this server does not know, without a default
        assertThat(fault(0, "08S01")).isEqualTo(Fault.AWAY); // no connection
        assertThat(Fault.of(new DataAccessResourceFailureException("no connection"))).isEqualTo(Fault.AWAY);
    }

    private static Fault fault(int code, String state) {
        return Fault.of(new UncategorizedSQLException("test", null, new SQLException("text", state, code)));
    }
}
