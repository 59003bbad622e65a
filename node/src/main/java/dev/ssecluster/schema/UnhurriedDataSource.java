package dev.ssecluster.schema;

import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/**
 * Connections on which an answer may take as long as it takes: changing a large table needs minutes, while requests may wait
 * for seconds only. A pool sets its own limit again when it gets such a connection back.
 */
final class UnhurriedDataSource extends DelegatingDataSource {

    UnhurriedDataSource(DataSource target) {
        super(target);
    }

    @Override
    public Connection getConnection() throws SQLException {
        Connection connection = super.getConnection();
        try {
            connection.setNetworkTimeout(Runnable::run, 0);
            return connection;
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }
}
