package dev.ssecluster.loadtest;

import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;

/** Reads the command line. Only loopback addresses are accepted, and no name is looked up: load stays on this machine. */
final class CommandLine {

    static final String HELP = """
            Usage: java -jar loadtest.jar [--rate R] [--seconds S] [--streams N] [--long] NODE...

            Checks a running SSE Cluster, for example http://127.0.0.1:8081 http://127.0.0.1:8082: opens streams on every node as a
            browser would, sends numbered events to users, clients, groups and everyone, of all priorities, through all nodes, and
            compares what every stream received with what was accepted. Prints one table.

              --rate R      sends per second, over all nodes (default 200, at most 20000)
              --seconds S   for how long (default 10, at most 60)
              --streams N   streams on each node (default 12, at most 10000)
              --long        allow up to 86400 seconds
              --help        this text

            Nodes must be on loopback and without authentication (--security none).
            Exit status: 0 when something was accepted and nothing lost, duplicated or out of order; 1 otherwise;
            2 for wrong options, or when streams cannot be opened.
            """;

    private static final int MOST_EVENTS = 5_000_000;

    private final Deque<String> arguments;
    private final List<URI> nodes = new ArrayList<>();
    private int rate = 200;
    private int seconds = 10;
    private int streams = 12;
    private int mostSeconds = 60;

    private CommandLine(String... arguments) {
        this.arguments = new ArrayDeque<>(List.of(arguments));
    }

    /** Why a command line was refused, in one line. */
    static final class UsageException extends Exception {

        private static final long serialVersionUID = 1;

        UsageException(String message) {
            super(message);
        }
    }

    static Options parse(String... arguments) throws UsageException {
        return new CommandLine(arguments).parse();
    }

    private Options parse() throws UsageException {
        while (!arguments.isEmpty()) {
            readOne(arguments.pop());
        }
        require(!nodes.isEmpty(), "name the nodes to check, such as http://127.0.0.1:8081");
        require(seconds <= mostSeconds, "--seconds must be at most " + mostSeconds + "; with --long it may be 86400");
        require((long) rate * seconds <= MOST_EVENTS, "--rate times --seconds must be at most " + MOST_EVENTS);
        return new Options(nodes, rate, seconds, streams);
    }

    private void readOne(String argument) throws UsageException {
        int equals = argument.startsWith("--") ? argument.indexOf('=') : -1;
        if (equals >= 0) {
            arguments.push(argument.substring(equals + 1));
        }
        String option = equals < 0 ? argument : argument.substring(0, equals);
        switch (option) {
            case "--rate" -> rate = number(option, 20_000);
            case "--seconds" -> seconds = number(option, 86_400);
            case "--streams" -> streams = number(option, 10_000);
            case "--long" -> mostSeconds = 86_400;
            default -> {
                require(!option.startsWith("-"), "unknown option: " + option);
                nodes.add(node(argument));
            }
        }
    }

    private int number(String option, int most) throws UsageException {
        String value = arguments.isEmpty() ? "" : arguments.pop();
        boolean valid = value.matches("[0-9]{1,8}") && Integer.parseInt(value) >= 1 && Integer.parseInt(value) <= most;
        require(valid, option + " must be a number from 1 to " + most + ", not '" + value + "'");
        return Integer.parseInt(value);
    }

    private static URI node(String text) throws UsageException {
        URI uri = uri(text);
        String host = uri.getHost();
        boolean bare = (uri.getRawPath().isEmpty() || uri.getRawPath().equals("/")) && uri.getRawQuery() == null
                && uri.getRawUserInfo() == null && uri.getRawFragment() == null;
        require("http".equals(uri.getScheme()) && host != null && bare, "a node must be like http://127.0.0.1:8081, not '" + text + "'");
        require(isLoopback(host), "only loopback addresses are allowed (127.0.0.1, ::1, localhost), not '" + host + "'");
        return uri.resolve("/");
    }

    private static URI uri(String text) throws UsageException {
        try {
            URI uri = new URI(text);
            require(!uri.isOpaque(), "a node must be like http://127.0.0.1:8081, not '" + text + "'");
            return uri;
        } catch (URISyntaxException e) {
            throw new UsageException("a node must be like http://127.0.0.1:8081, not '" + text + "'");
        }
    }

    /** Names other than localhost may point anywhere, and tomorrow elsewhere. */
    private static boolean isLoopback(String host) {
        if (host.toLowerCase(Locale.ROOT).equals("localhost")) {
            return true;
        }
        try {
            return InetAddress.ofLiteral(host).isLoopbackAddress();
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static void require(boolean condition, String message) throws UsageException {
        if (!condition) {
            throw new UsageException(message);
        }
    }
}
