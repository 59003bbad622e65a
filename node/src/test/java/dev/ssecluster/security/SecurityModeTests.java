package dev.ssecluster.security;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

@ExtendWith(OutputCaptureExtension.class)
class SecurityModeTests {

    @ParameterizedTest
    @CsvSource({
        "'', Set sse.security.mode: it has no default.",
        "open, 'sse.security.mode must be \"jwt\" or \"none\", not \"open\".'"
    })
    void whenTheModeIsNotChosenThenTheNodeRefusesToStartInOneClearLine(String mode, String line, CapturedOutput log) {
        assertThatThrownBy(() -> start("--sse.security.mode=" + mode)).isInstanceOf(SecurityModeException.class);
        assertThat(log).contains("APPLICATION FAILED TO START").contains(line).doesNotContain("\tat ");
    }

    @Test
    void whenTheModeIsMissingThenTheNodeRefusesToStart() {
        assertThatThrownBy(() -> start()).isInstanceOf(SecurityModeException.class).hasMessageContaining("no default");
    }

    @ParameterizedTest
    @CsvSource({"8090, , 9090", "0, , 0", "8090, 7, 7"})
    void whenNotToldOtherwiseThenManagementIsThousandPortsAbove(String port, String management, String expected) {
        String explicit = management == null ? "--x=y" : "--management.server.port=" + management;
        try (ConfigurableApplicationContext context = start("--sse.security.mode=none", "--server.port=" + port, explicit)) {
            assertThat(context.getEnvironment().getProperty("management.server.port")).isEqualTo(expected);
        }
    }

    private static ConfigurableApplicationContext start(String... args) {
        SpringApplication application = new SpringApplication(SecurityConfiguration.class);
        application.setWebApplicationType(WebApplicationType.NONE);
        return application.run(args);
    }
}
