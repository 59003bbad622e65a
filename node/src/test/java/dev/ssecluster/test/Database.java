package dev.ssecluster.test;

import java.net.URI;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** Where an empty-born MySQL or MariaDB is, with its database {@code sse}. */
public record Database(String jdbcUrl, String username, String password) {

    /** The same database, reached through another port of loopback. */
    public Database through(int port) {
        return new Database(jdbcUrl.replaceFirst("//[^/]+/", "//127.0.0.1:" + port + "/"), username, password);
    }

    public int port() {
        return URI.create(jdbcUrl.substring("jdbc:".length())).getPort();
    }

    /** The one number that a query answers. Each call has a connection of its own. */
    public long number(String query, Object... parameters) {
        return Long.parseLong(texts(query, parameters).getFirst());
    }

    /** The first column of what a query answers. */
    public List<String> texts(String query, Object... parameters) {
        try (Connection connection = DriverManager.getConnection(jdbcUrl, username, password);
                PreparedStatement statement = connection.prepareStatement(query)) {
            for (int i = 0; i < parameters.length; i++) {
                statement.setObject(i + 1, parameters[i]);
            }
            try (ResultSet result = statement.executeQuery()) {
                List<String> texts = new ArrayList<>();
                while (result.next()) {
                    texts.add(result.getString(1));
                }
                return texts;
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** One of the server's counters, such as {@code Com_select}: of all its connections since it started. */
    public long status(String counter) {
        try (Connection connection = DriverManager.getConnection(jdbcUrl, username, password);
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery("show global status like '" + counter + "'")) {
            result.next();
            return result.getLong(2);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Runs one statement that answers nothing. */
    public void execute(String sql) {
        try (Connection connection = DriverManager.getConnection(jdbcUrl, username, password);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
