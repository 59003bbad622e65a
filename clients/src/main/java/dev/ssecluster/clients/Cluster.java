package dev.ssecluster.clients;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The local cluster as anyone would start it, with short times. */
final class Cluster implements AutoCloseable {

    private static final Pattern NODE = Pattern.compile("\\d+ +http://127\\.0\\.0\\.1:(\\d+) +\\S+ +(\\d+) .*");

    private final Process script;
    private final List<Integer> ports = new ArrayList<>();
    private final List<ProcessHandle> processes = new ArrayList<>();

    private Cluster(Process script) {
        this.script = script;
    }

    /** Starts it and waits until it is ready. */
    static Cluster start(int nodes, Map<String, String> environment) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                Path.of("../deploy/local/cluster.sh").toString(),
                "--nodes", Integer.toString(nodes), "--port", Integer.toString(freePorts(nodes)))
                .redirectErrorStream(true);
        builder.environment().putAll(environment);
        Cluster cluster = new Cluster(builder.start());
        cluster.awaitReady();
        return cluster;
    }

    private static int freePorts(int count) throws IOException {
        while (true) {
            int first = ThreadLocalRandom.current().nextInt(20_000, 30_000);
            if (areFree(first, count) && areFree(first + 1000, count)) {
                return first;
            }
        }
    }

    private static boolean areFree(int first, int count) {
        try {
            for (int i = 0; i < count; i++) {
                new ServerSocket(first + i, 1, InetAddress.getLoopbackAddress()).close();
            }
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private void awaitReady() throws IOException {
        StringBuilder said = new StringBuilder();
        BufferedReader out = script.inputReader();
        for (String line = out.readLine(); line != null; line = out.readLine()) {
            said.append(line).append('\n');
            note(line);
            if (line.startsWith("Ctrl-C stops everything")) {
                Thread.ofPlatform().daemon().start(() -> skip(out));
                return;
            }
        }
        throw new IllegalStateException("The cluster did not start:\n" + said);
    }

    private void note(String line) {
        Matcher node = NODE.matcher(line);
        if (node.matches()) {
            ports.add(Integer.valueOf(node.group(1)));
            processes.add(ProcessHandle.of(Long.parseLong(node.group(2))).orElseThrow());
        }
    }

    private static void skip(BufferedReader out) {
        try (out) {
            while (out.readLine() != null) {
                // It says which node has ended, which is our doing.
            }
        } catch (IOException e) {
            // It has ended.
        }
    }

    List<Integer> ports() {
        return ports;
    }

    /** Asks a node to stop, as a deploy does. */
    void terminate(int node) {
        processes.get(node).destroy();
    }

    /** Ends a node without a word. */
    void kill(int node) {
        processes.get(node).destroyForcibly();
    }

    @Override
    public void close() {
        script.destroy();
        try {
            if (!script.waitFor(60, TimeUnit.SECONDS)) {
                throw new IllegalStateException("The cluster does not stop");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
