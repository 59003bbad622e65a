package dev.ssecluster.local;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A Redis 7.0 on 127.0.0.1. It keeps nothing on disk, unless it is {@linkplain #startPersistent started for that}. */
public final class LocalRedis extends LocalServer {

    private static final String[] PERSISTENT_OPTIONS = {"--appendonly", "yes"};

    private final List<String> options;

    private LocalRedis(int port, String... options) {
        super(Product.REDIS, port, "Ready to accept connections");
        this.options = List.of(options);
    }

    /** Starts one on a free port, with further options of {@code redis-server} such as {@code --maxmemory 10mb}. */
    public static LocalRedis start(String... options) {
        return start(0, options);
    }

    /** Starts one on that port, 0 for a free one. */
    public static LocalRedis start(int port, String... options) {
        return started(port, chosen -> new LocalRedis(chosen, options));
    }

    /** Starts one on a free port whose data survive {@link #kill} and {@link #restart}: every write that was answered. */
    public static LocalRedis startPersistent() {
        return start(PERSISTENT_OPTIONS);
    }

    /** Such as {@code redis://127.0.0.1:20123}. */
    public String uri() {
        return "redis://127.0.0.1:" + port();
    }

    @Override
    void initialize(Path data) {}

    @Override
    List<String> command(Path data) {
        List<String> command = new ArrayList<>(List.of(
                Programs.redis().toString(),
                "--bind", "127.0.0.1",
                "--port", Integer.toString(port()),
                "--dir", data.toString(),
                "--save", "",
                "--appendonly", "no"));
        command.addAll(options);
        return command;
    }
}
