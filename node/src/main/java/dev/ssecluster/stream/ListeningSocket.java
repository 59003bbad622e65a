package dev.ssecluster.stream;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A listening TCP socket of this process, found by its port, to set an option that Java does not offer. Linux only.
 *
 * <p>{@code TCP_USER_TIMEOUT} (tcp(7)) is how long sent data may stay unacknowledged, or unsent because of a closed window,
 * before the kernel gives the connection up. Without it a peer that vanished is retransmitted to for about 15 minutes, and
 * keepalive does not apply while data is unacknowledged. Accepted sockets inherit it from the listening one.
 */
final class ListeningSocket {

    private static final int IPPROTO_TCP = 6;
    private static final int TCP_USER_TIMEOUT = 18;
    private static final String LISTEN = "0A"; // the state column of /proc/net/tcp
    private static final List<Path> TABLES = List.of(Path.of("/proc/net/tcp"), Path.of("/proc/net/tcp6"));

    private final int port;

    ListeningSocket(int port) {
        this.port = port;
    }

    /**
     * Sets the user timeout on this socket and so on those it accepts from now on.
     *
     * @throws IOException when the socket cannot be found or the kernel refuses; also where this is not Linux
     */
    void setUserTimeout(int millis) throws IOException {
        int descriptor = findDescriptor().orElseThrow(() -> new IOException("no listening socket with port " + port));
        int result = setOption(descriptor, millis);
        if (result != 0) {
            throw new IOException("setsockopt(TCP_USER_TIMEOUT) failed");
        }
    }

    private OptionalInt findDescriptor() throws IOException {
        Set<String> links = socketLinks();
        try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
            for (Path descriptor : descriptors) {
                if (links.contains(linkOf(descriptor))) {
                    return OptionalInt.of(Integer.parseInt(descriptor.getFileName().toString()));
                }
            }
        }
        return OptionalInt.empty();
    }

    private static String linkOf(Path descriptor) throws IOException {
        try {
            return Files.readSymbolicLink(descriptor).toString();
        } catch (NoSuchFileException e) {
            return ""; // closed since it was listed
        }
    }

    private Set<String> socketLinks() throws IOException {
        String localPort = String.format(Locale.ROOT, ":%04X", port);
        Set<String> links = new HashSet<>();
        for (Path table : TABLES) {
            if (Files.exists(table)) {
                try (Stream<String> lines = Files.lines(table)) {
                    lines.map(line -> line.trim().split("\\s+"))
                            .filter(field -> field.length > 9 && field[1].endsWith(localPort) && field[3].equals(LISTEN))
                            .forEach(field -> links.add("socket:[" + field[9] + "]"));
                }
            }
        }
        return links;
    }

    @SuppressWarnings("restricted") // native access is what this class is for; the manifest enables it
    private static int setOption(int descriptor, int millis) throws IOException {
        Linker linker = Linker.nativeLinker();
        MethodHandle setsockopt = linker.downcallHandle(
                linker.defaultLookup().find("setsockopt").orElseThrow(() -> new IOException("no setsockopt")),
                FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT,
                        ValueLayout.ADDRESS, ValueLayout.JAVA_INT));
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment value = arena.allocateFrom(ValueLayout.JAVA_INT, millis);
            return (int) setsockopt.invokeExact(descriptor, IPPROTO_TCP, TCP_USER_TIMEOUT, value, (int) value.byteSize());
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IOException(e);
        }
    }
}
