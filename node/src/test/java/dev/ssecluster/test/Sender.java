package dev.ssecluster.test;

import com.jayway.jsonpath.JsonPath;
import dev.ssecluster.test.Ledger.Fate;
import dev.ssecluster.test.Ledger.Line;
import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpResponse;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;

/** Sends messages to whatever port it is given, and enters in the ledger what became of them. Thread-safe if the ports are. */
public final class Sender {

    private final Ledger ledger;
    private final IntSupplier ports;

    public Sender(Ledger ledger, IntSupplier ports) {
        this.ledger = ledger;
        this.ports = ports;
    }

    /** Sends once, whatever comes of it. */
    public Line send(Message message) {
        long start = System.nanoTime();
        Line line = attempt(message, start);
        ledger.add(line);
        return line;
    }

    private Line attempt(Message message, long start) {
        try {
            HttpResponse<String> response = new Api(ports.getAsInt()).post(message.path(), message.body());
            return judge(message, response, System.nanoTime() - start);
        } catch (ConnectException e) {
            return line(message, Fate.NOT_SENT, 0, 0, System.nanoTime() - start);
        } catch (IOException e) {
            return line(message, Fate.UNKNOWN, 0, 0, System.nanoTime() - start);
        }
    }

    private Line judge(Message message, HttpResponse<String> response, long nanos) {
        int status = response.statusCode();
        String body = response.body();
        return switch (status) {
            case 200, 202 -> accepted(message, status, body, nanos);
            case 503 -> line(message, refused(body), 0, status, nanos);
            default -> {
                ledger.violation(message + " was answered " + status + " " + body);
                yield line(message, Fate.UNKNOWN, 0, status, nanos);
            }
        };
    }

    private Line accepted(Message message, int status, String body, long nanos) {
        boolean persisted = JsonPath.read(body, "$.data.persisted");
        if (persisted != (message.persist() && status == 200) || (status == 202 && !body.contains("\"journaled\":true"))) {
            ledger.violation(message + " was answered " + status + " " + body);
        }
        String id = JsonPath.read(body, "$.data.event_id");
        return line(message, Fate.ACCEPTED, Long.parseLong(id), status, nanos);
    }

    private static Line line(Message message, Fate fate, long id, int status, long nanos) {
        long now = TimeUnit.MILLISECONDS.toMicros(InstantSource.system().millis());
        return new Line(message, fate, id, status, now - TimeUnit.NANOSECONDS.toMicros(nanos), nanos);
    }

    private Fate refused(String body) {
        String outcome = JsonPath.read(body, "$.outcome");
        return outcome.equals("not_sent") ? Fate.NOT_SENT : Fate.UNKNOWN;
    }
}
