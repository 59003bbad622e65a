package dev.ssecluster.proof;

import dev.ssecluster.event.Target;
import dev.ssecluster.test.ResumingClient;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Names of a test's own, since tests share a database: users with several devices, and groups. Those devices that listen are its
 * subjects. Thread-safe.
 */
final class Audience {

    private final Random random;
    private final String prefix;
    private final int users;
    private final int groups;
    private final AtomicInteger devices = new AtomicInteger();
    private final List<Subject> subjects = new CopyOnWriteArrayList<>();

    Audience(Random random, int users, int groups) {
        this.random = random;
        this.users = users;
        this.groups = groups;
        this.prefix = "a" + Long.toUnsignedString(random.nextLong(), 36) + "-";
    }

    String user(int index) {
        return prefix + "u" + index;
    }

    private String group(int index) {
        return prefix + "g" + index;
    }

    private String device(int index) {
        return prefix + "d" + index;
    }

    /** Any user, group or device, seldom everybody. */
    Target target() {
        return switch (random.nextInt(20)) {
            case 0 -> Target.BROADCAST;
            case 1, 2, 3, 4 -> Target.group(group(random.nextInt(groups)));
            case 5, 6, 7 -> Target.client(device(random.nextInt(devices.get())));
            default -> anyUser();
        };
    }

    Target anyUser() {
        return Target.user(user(random.nextInt(users)));
    }

    /** Has new devices listen, each at ports of its own, and waits until they do. */
    void gather(int count, Supplier<IntSupplier> ports) {
        for (int i = 0; i < count; i++) {
            subjects.add(subject(ports.get()));
        }
        Subject.awaitConnected(subjects);
    }

    /** Those that were gathered. */
    List<Subject> subjects() {
        return subjects;
    }

    void close() {
        Subject.close(subjects);
    }

    /** A new device of the next user, in one or two groups. */
    private Subject subject(IntSupplier ports) {
        int device = devices.getAndIncrement();
        Set<String> in = IntStream.range(0, 1 + random.nextInt(2)).mapToObj(i -> group(random.nextInt(groups)))
                .collect(Collectors.toCollection(LinkedHashSet::new));
        String user = user(device % users);
        Set<Target> targets = new LinkedHashSet<>(Set.of(Target.user(user), Target.client(device(device)), Target.BROADCAST));
        in.forEach(group -> targets.add(Target.group(group)));
        String path = "/stream?id=" + device(device) + "&user_id=" + user + "&group=" + String.join(",", in);
        return new Subject(device(device), ResumingClient.open(ports, path), targets);
    }
}
