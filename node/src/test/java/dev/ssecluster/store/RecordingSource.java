package dev.ssecluster.store;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/** Remembers the statements that were executed, with their values in place. */
final class RecordingSource extends DelegatingDataSource {

    private static final String BEFORE = "ClientPreparedStatement: ";

    final List<String> statements = new CopyOnWriteArrayList<>();

    RecordingSource(DataSource target) {
        super(target);
    }

    @Override
    public Connection getConnection() throws SQLException {
        Connection connection = super.getConnection();
        return proxy(Connection.class, (_, method, arguments) -> {
            Object result = call(connection, method, arguments);
            return result instanceof PreparedStatement statement ? recording(statement) : result;
        });
    }

    private PreparedStatement recording(PreparedStatement statement) {
        return proxy(PreparedStatement.class, (_, method, arguments) -> {
            if (method.getName().startsWith("execute")) {
                String text = statement.toString();
                statements.add(text.substring(text.indexOf(BEFORE) + BEFORE.length()));
            }
            return call(statement, method, arguments);
        });
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(Objects.requireNonNull(Proxy.newProxyInstance(RecordingSource.class.getClassLoader(), new Class<?>[] {type},
                handler)));
    }

    private static @Nullable Object call(Object target, Method method, Object @Nullable [] arguments) throws Throwable {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw Objects.requireNonNull(e.getCause());
        }
    }
}
