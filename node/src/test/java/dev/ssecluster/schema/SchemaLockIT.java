package dev.ssecluster.schema;

import dev.ssecluster.test.Database;
import dev.ssecluster.test.TestServices;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import javax.sql.DataSource;
import liquibase.integration.spring.SpringLiquibase;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

import static org.assertj.core.api.Assertions.assertThat;

class SchemaLockIT {

    private static final int NODES = 4;

    /** Liquibase's own tables have a new name each time, so they are missing as in an empty database. */
    @RepeatedTest(3)
    void whenNodesStartTogetherOnAnEmptyDatabaseThenAllSucceed(RepetitionInfo repetition) throws Exception {
        Callable<Boolean> node = () -> start("race_" + repetition.getCurrentRepetition() + "_" + ProcessHandle.current().pid());
        try (ExecutorService executor = Executors.newFixedThreadPool(NODES)) {
            List<Future<Boolean>> nodes = executor.invokeAll(Stream.generate(() -> node).limit(NODES).toList());
            for (Future<Boolean> started : nodes) {
                assertThat(started.get()).isTrue();
            }
        }
    }

    private static boolean start(String tables) {
        try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext()) {
            context.register(SchemaLock.class);
            context.registerBean(SpringLiquibase.class, () -> liquibase(tables));
            context.refresh();
            return context.isActive();
        }
    }

    private static SpringLiquibase liquibase(String tables) {
        SpringLiquibase liquibase = new SpringLiquibase();
        liquibase.setDataSource(dataSource());
        liquibase.setChangeLog("classpath:/db/changelog/db.changelog-master.yaml");
        liquibase.setDatabaseChangeLogTable(tables + "_log");
        liquibase.setDatabaseChangeLogLockTable(tables + "_lock");
        return liquibase;
    }

    private static DataSource dataSource() {
        Database database = TestServices.database();
        return new DriverManagerDataSource(database.jdbcUrl(), database.username(), database.password());
    }
}
