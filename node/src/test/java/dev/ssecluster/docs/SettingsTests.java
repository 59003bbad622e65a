package dev.ssecluster.docs;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/** README's table of settings against the metadata that the build makes of the code. */
class SettingsTests {

    /** Read by name and so not in the metadata. */
    private static final Map<String, String> READ_BY_NAME = Map.of("sse.node.id", "random", "sse.security.mode", "must be set");

    private final Document readme = Document.read("README.md");

    @Test
    void whenThereIsASettingThenReadmeNamesItWithItsDefault() throws IOException {
        Map<String, String> expected = new TreeMap<>(READ_BY_NAME);
        expected.putAll(settings());
        Map<String, String> documented = readme.rows("sse.").stream()
                .collect(Collectors.toMap(row -> row.get(0), row -> row.get(1), (_, _) -> "twice", TreeMap::new));
        assertThat(documented).isEqualTo(expected);
    }

    @Test
    void whenASettingIsNamedAnywhereThenItExists() throws IOException {
        Map<String, String> existing = settings();
        for (String name : List.of("README.md", "docs/api.md", "docs/architecture.md", "docs/console.md", "docs/errors.md",
                "docs/operations.md", "docs/security.md",
                "docs/troubleshooting.md", "deploy/kubernetes/README.md")) {
            assertThat(Document.read(name).between("`sse.", "`"))
                    .as(name)
                    .allMatch(rest -> !isSetting(rest) || READ_BY_NAME.containsKey("sse." + rest)
                            || existing.containsKey("sse." + rest));
        }
    }

    /** Not a meter, an event or a prefix. */
    private static boolean isSetting(String rest) {
        return rest.matches("(stream|drain|publish|history|message|unread|presence|position|subscription|security|console|http|backplane|node)\\.[a-z-]+");
    }

    private static Map<String, String> settings() throws IOException {
        Map<String, String> settings = new TreeMap<>();
        for (URL metadata : Collections.list(SettingsTests.class.getClassLoader()
                .getResources("META-INF/spring-configuration-metadata.json"))) {
            try (InputStream in = metadata.openStream()) {
                for (JsonNode property : JsonMapper.shared().readTree(in).path("properties")) {
                    settings.put(property.path("name").asString(), defaultOf(property.path("defaultValue")));
                }
            }
        }
        settings.keySet().removeIf(name -> !name.startsWith("sse."));
        assertThat(settings).isNotEmpty();
        return settings;
    }

    private static String defaultOf(JsonNode value) {
        return value.isMissingNode() || value.isContainer() ? "none" : value.asString();
    }
}
