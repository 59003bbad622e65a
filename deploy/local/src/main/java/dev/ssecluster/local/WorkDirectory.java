package dev.ssecluster.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/** A temporary directory that is removed when it is closed, or when the JVM ends. */
record WorkDirectory(Path path) implements AutoCloseable {

    static WorkDirectory create(String prefix) {
        try {
            WorkDirectory directory = new WorkDirectory(Files.createTempDirectory(prefix));
            AtExit.close(directory);
            return directory;
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot create a temporary directory", e);
        }
    }

    /** An empty directory of that name; what was in it is gone. */
    Path renew(String name) {
        try {
            Path child = path.resolve(name);
            delete(child);
            return Files.createDirectory(child);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot create a directory in " + path, e);
        }
    }

    @Override
    public void close() {
        AtExit.forget(this);
        try {
            delete(path);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot remove " + path, e);
        }
    }

    static void delete(Path tree) throws IOException {
        if (Files.exists(tree)) {
            Files.walkFileTree(tree, new Deletion());
        }
    }

    /** Depth first; what somebody else has removed meanwhile is fine. */
    private static final class Deletion extends SimpleFileVisitor<Path> {

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
            Files.deleteIfExists(file);
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
            if (e instanceof NoSuchFileException) {
                return FileVisitResult.CONTINUE;
            }
            throw e;
        }

        @Override
        public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException e) throws IOException {
            Files.deleteIfExists(directory);
            return FileVisitResult.CONTINUE;
        }
    }
}
