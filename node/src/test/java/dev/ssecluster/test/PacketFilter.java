package dev.ssecluster.test;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.net.Socket;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Makes a peer vanish: a filter on its socket (socket(7), {@code SO_ATTACH_FILTER}) drops every packet that arrives, before
 * TCP sees it. Nothing is acknowledged or answered any more, and no FIN or RST is sent, as if a cable had been cut. Needs no
 * privileges, and ends with the socket. Linux on x86-64 or ARM.
 */
public final class PacketFilter {

    private static final int SOL_SOCKET = 1;
    private static final int SO_ATTACH_FILTER = 26;
    private static final short BPF_RET = 6; // with the constant 0: keep no byte of the packet
    private static final int INSTRUCTION_BYTES = 8; // struct sock_filter
    private static final MemoryLayout PROGRAM = MemoryLayout.structLayout( // struct sock_fprog
            ValueLayout.JAVA_SHORT.withName("len"), MemoryLayout.paddingLayout(6), ValueLayout.ADDRESS.withName("filter"));
    private static final String ESTABLISHED = "01"; // the state column of /proc/net/tcp
    private static final List<Path> TABLES = List.of(Path.of("/proc/net/tcp"), Path.of("/proc/net/tcp6"));

    private PacketFilter() {}

    /** From now on {@code socket} is deaf, and dumb unless it is written to or closed. */
    public static void dropAll(Socket socket) {
        try {
            int result = attach(descriptor(socket));
            if (result != 0) {
                throw new IOException("setsockopt(SO_ATTACH_FILTER) failed");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** In this JVM are both ends of the connection; this is the one whose local port is the client's. */
    private static int descriptor(Socket socket) throws IOException {
        Set<String> links = links(port(socket.getLocalPort()), port(socket.getPort()));
        try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
            for (Path descriptor : descriptors) {
                if (links.contains(linkOf(descriptor))) {
                    return Integer.parseInt(descriptor.getFileName().toString());
                }
            }
        }
        throw new IOException("no descriptor for " + socket);
    }

    private static String port(int port) {
        return String.format(Locale.ROOT, ":%04X", port);
    }

    private static Set<String> links(String local, String remote) throws IOException {
        Set<String> links = new HashSet<>();
        for (Path table : TABLES) {
            try (Stream<String> lines = Files.lines(table)) {
                lines.map(line -> line.trim().split("\\s+"))
                        .filter(field -> field.length > 9 && field[1].endsWith(local) && field[2].endsWith(remote)
                                && field[3].equals(ESTABLISHED))
                        .forEach(field -> links.add("socket:[" + field[9] + "]"));
            }
        }
        return links;
    }

    private static String linkOf(Path descriptor) throws IOException {
        try {
            return Files.readSymbolicLink(descriptor).toString();
        } catch (NoSuchFileException e) {
            return ""; // closed since it was listed
        }
    }

    @SuppressWarnings("restricted") // native access; the build enables it
    private static int attach(int descriptor) throws IOException {
        Linker linker = Linker.nativeLinker();
        MethodHandle setsockopt = linker.downcallHandle(
                linker.defaultLookup().find("setsockopt").orElseThrow(),
                FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT,
                        ValueLayout.ADDRESS, ValueLayout.JAVA_INT));
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment instruction = arena.allocate(INSTRUCTION_BYTES, INSTRUCTION_BYTES);
            instruction.set(ValueLayout.JAVA_SHORT, 0, BPF_RET);
            MemorySegment program = arena.allocate(PROGRAM);
            program.set(ValueLayout.JAVA_SHORT, 0, (short) 1);
            program.set(ValueLayout.ADDRESS, 8, instruction);
            return (int) setsockopt.invokeExact(descriptor, SOL_SOCKET, SO_ATTACH_FILTER, program, (int) program.byteSize());
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IOException(e);
        }
    }
}
