package dev.ssecluster.body;

import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class JsonBodyTests {

    private static final String[] SCALARS = {
        "null", "true", "false", "0", "-0.0", "1e400", "123456789012345678901234567890", "\"\"", "\"a\"", "\" \\\" \\\\\"", "\"\\ud83d\"",
        "\"é公🚀\"", "\"]}\"", "\"\\u0000 \\n\""
    };

    private static final String[] BLANKS = {"", "", "", " ", "\n", "\t\r\n  "};

    private Random random = new Random(0);

    @RepeatedTest(50)
    void whenValuesStandAnywhereThenTheirBytesAreCutOutExactly(RepetitionInfo repetition) {
        random = new Random(repetition.getCurrentRepetition());
        StringBuilder spaced = new StringBuilder();
        StringBuilder compact = new StringBuilder();
        value(spaced, compact, 4);
        String body = blank() + "{\"公🚀\":1," + blank() + "\"data\"" + blank() + ":" + blank() + spaced + blank() + "}" + blank();
        assertThat(dataOf(body)).isEqualTo(compact.toString());
    }

    /** Only the last of 40 distinct names of 4 MB may still be reachable: a table of all of them would be over 200 MB. */
    @Test
    void whenNamesAreHugeAndAllDifferentThenNoneIsKept() {
        long before = usedMemory();
        for (int i = 0; i < 40; i++) {
            String name = i + "n".repeat(4 * 1024 * 1024);
            assertThat(dataOf("{\"" + name + "\":1,\"data\":2}")).isEqualTo("2");
        }
        assertThat(usedMemory() - before).isLessThan(60L * 1024 * 1024);
    }

    private static long usedMemory() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    private static String dataOf(String body) {
        try (JsonBody json = new JsonBody(body.getBytes(StandardCharsets.UTF_8))) {
            json.startObject();
            while (!"data".equals(json.nextName())) {
                json.next();
                json.skip();
            }
            json.next();
            String data = new String(json.value().utf8(), StandardCharsets.UTF_8);
            assertThat(json.nextName()).isNull();
            json.end();
            return data;
        }
    }

    private void value(StringBuilder spaced, StringBuilder compact, int depth) {
        int kind = random.nextInt(depth == 0 ? 1 : 3);
        if (kind == 0) {
            both(spaced, compact, SCALARS[random.nextInt(SCALARS.length)]);
        } else {
            list(spaced, compact, depth - 1, kind == 1);
        }
    }

    private void list(StringBuilder spaced, StringBuilder compact, int depth, boolean object) {
        both(spaced, compact, object ? "{" : "[");
        int count = random.nextInt(4);
        for (int i = 0; i < count; i++) {
            if (i > 0) {
                both(spaced, compact, ",");
            }
            if (object) {
                both(spaced, compact, "\"k " + i + "\"");
                both(spaced, compact, ":");
            }
            value(spaced, compact, depth);
        }
        both(spaced, compact, object ? "}" : "]");
    }

    private void both(StringBuilder spaced, StringBuilder compact, String token) {
        spaced.append(blank()).append(token).append(blank());
        compact.append(token);
    }

    private String blank() {
        return BLANKS[random.nextInt(BLANKS.length)];
    }
}
