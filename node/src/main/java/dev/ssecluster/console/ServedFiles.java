package dev.ssecluster.console;

import dev.ssecluster.console.ServedFile.Part;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;

/**
 * The files that a node serves, each at one path, read once: nothing of a request ever becomes the name of a file. The console's page
 * is at {@code /}, what it consists of below {@code /console/}, the browser client where pages expect it. Immutable.
 */
final class ServedFiles {

    private static final String PAGE = "index.html";

    private final Map<String, ServedFile> byPath = new HashMap<>();

    private ServedFiles() {}

    /** @throws IOException when this build's own files cannot be read */
    static ServedFiles load(boolean withConsole) throws IOException {
        ServedFiles files = new ServedFiles();
        files.add(Part.CLIENT, "client", "/");
        if (withConsole) {
            files.add(Part.CONSOLE, "page", "/console/");
        }
        return files;
    }

    private void add(Part part, String directory, String path) throws IOException {
        for (Resource source : found(directory)) {
            String name = Objects.requireNonNull(source.getFilename());
            byPath.put(name.equals(PAGE) ? "/" : path + name, ServedFile.read(part, name, source));
        }
    }

    private static Resource[] found(String directory) throws IOException {
        return new PathMatchingResourcePatternResolver(ServedFiles.class.getClassLoader())
                .getResources("classpath*:dev/ssecluster/console/" + directory + "/*.*");
    }

    /** What is there; null: nothing. */
    @Nullable ServedFile at(String path) {
        return byPath.get(path);
    }
}
