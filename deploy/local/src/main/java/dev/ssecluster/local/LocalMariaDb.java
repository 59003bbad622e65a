package dev.ssecluster.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A MariaDB 11.4 on 127.0.0.1 with an empty database {@code sse} in {@code utf8mb4}; its user may make others whose names
 * begin so. Its data survive {@link #kill} and {@link #restart}.
 */
public final class LocalMariaDb extends LocalServer {

    private static final String NAME = "sse";
    private static final List<String> SYSTEM_TABLES =
            List.of("mariadb_system_tables.sql", "mariadb_performance_tables.sql", "mariadb_system_tables_data.sql");
    private static final List<String> OUR_DATABASE = List.of(
            "create database sse character set utf8mb4;",
            "flush privileges;",
            "create user sse@'127.0.0.1' identified by 'sse';",
            "grant all on `sse%`.* to sse@'127.0.0.1';");

    private LocalMariaDb(int port) {
        super(Product.MARIADB, port, "ready for connections");
    }

    /** Starts one on a free port. */
    public static LocalMariaDb start() {
        return start(0);
    }

    /** Starts one on that port, 0 for a free one. */
    public static LocalMariaDb start(int port) {
        return started(port, LocalMariaDb::new);
    }

    /** For MySQL's driver, such as {@code jdbc:mysql://127.0.0.1:20123/sse}. */
    public String jdbcUrl() {
        return "jdbc:mysql://127.0.0.1:" + port() + "/" + NAME;
    }

    public String username() {
        return NAME;
    }

    public String password() {
        return NAME;
    }

    /**
     * What {@code mariadb-install-db} does, without what nobody needs here (help texts, the sys schema) and what would take
     * seconds: the server itself runs the statements, and ends.
     */
    @Override
    void initialize(Path data) {
        try {
            Path script = data.resolveSibling("initialize.sql");
            Files.write(script, statements());
            List<String> command = options(data);
            command.addAll(List.of("--bootstrap", "--enforce-storage-engine=", "--innodb-autoextend-increment=1"));
            ServerProcess.run(Product.MARIADB, command, script, logFile());
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot initialize MariaDB in " + data, e);
        }
    }

    private static List<String> statements() throws IOException {
        List<String> lines = new ArrayList<>(List.of("create database mysql;", "use mysql;", "set @auth_root_socket = null;"));
        Path first = firstScript();
        for (String file : SYSTEM_TABLES) {
            // Accounts for this machine's name cannot be resolved and are not wanted; the script says which lines those are.
            Files.readAllLines(first.resolveSibling(file)).stream()
                    .filter(line -> !line.contains("@current_hostname"))
                    .forEach(lines::add);
        }
        lines.addAll(OUR_DATABASE);
        return lines;
    }

    /** In {@code share} or a directory below it: that differs between platforms. */
    private static Path firstScript() throws IOException {
        try (Stream<Path> files = Files.walk(Programs.mariaDb().resolve("share"))) {
            return files.filter(file -> file.endsWith(SYSTEM_TABLES.getFirst())).findFirst().orElseThrow();
        }
    }

    @Override
    List<String> command(Path data) {
        List<String> command = options(data);
        command.addAll(List.of("--innodb-log-file-size=64M", "--port=" + port(), "--bind-address=127.0.0.1"));
        return command;
    }

    /** Names are not resolved because that can take 20 s; certificates would be made at every start. */
    private static List<String> options(Path data) {
        Path base = Programs.mariaDb();
        List<String> options = new ArrayList<>(List.of(
                base.resolve("bin/mariadbd").toString(),
                "--no-defaults", // must be the first
                "--basedir=" + base,
                "--datadir=" + data,
                "--tmpdir=" + data.getParent(),
                "--socket=", // none
                "--skip-name-resolve",
                "--skip-ssl",
                "--max-allowed-packet=64M",
                "--innodb-undo-tablespaces=0", // small files are written faster
                "--innodb-data-file-path=ibdata1:4M:autoextend",
                "--innodb-temp-data-file-path=ibtmp1:2M:autoextend"));
        if (System.getProperty("user.name").equals("root")) {
            options.add("--user=root"); // or it refuses to run
        }
        return options;
    }
}
