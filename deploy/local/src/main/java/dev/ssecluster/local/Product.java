package dev.ssecluster.local;

import java.util.Locale;

/** What we start, and how a user brings one of their own when we cannot. */
enum Product {
    REDIS("Redis", "--redis redis://HOST:PORT"),
    MARIADB("MariaDB", "--mysql jdbc:mysql://HOST:PORT/DATABASE");

    private final String label;
    private final String option;

    Product(String label, String option) {
        this.label = label;
        this.option = option;
    }

    @Override
    public String toString() {
        return label;
    }

    LocalServerException cannotRun(String reason) {
        return new LocalServerException(
                "The embedded " + label + " does not run here (" + platform() + "): " + reason
                        + ". Start the cluster with a server of your own: " + option);
    }

    static String platform() {
        return System.getProperty("os.name") + " " + architecture();
    }

    /** {@code amd64} or {@code arm64}, or what Java calls any other. */
    static String architecture() {
        String name = System.getProperty("os.arch").toLowerCase(Locale.ROOT);
        return switch (name) {
            case "x86_64" -> "amd64";
            case "aarch64" -> "arm64";
            default -> name;
        };
    }

    /** {@code linux} or {@code darwin}, or what Java calls any other. */
    static String system() {
        String name = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        return name.startsWith("mac") ? "darwin" : name;
    }
}
