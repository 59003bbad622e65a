package dev.ssecluster.publish;

import dev.ssecluster.publish.Http.Answered;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.test.web.server.LocalServerPort;

import static org.assertj.core.api.Assertions.assertThat;

/** When the node itself is wrong, the log says everything and the answer nothing. */
@PublishTest
@ExtendWith(OutputCaptureExtension.class)
class FaultsOfTheNodeTests {

    private static final String BODY = "{\"event_type\":\"t\",\"data\":1}";

    @Autowired
    private RecordingBackplane backplane;

    private Http http;

    @BeforeEach
    void start(@LocalServerPort int port) {
        http = new Http(port);
        backplane.reset();
    }

    @Test
    void whenAControllerFailsThenItIsLoggedOnceAndNotTold(CapturedOutput log) {
        backplane.breakDown();
        Answered answer = http.post("/broadcast", BODY);
        assertThat(answer.status()).isEqualTo(500);
        assertThat(answer.problem()).isEqualTo("internal-error");
        assertThat(answer.body()).doesNotContain("secret");
        assertThat(log.getOut().split("a secret of the node", -1)).hasSize(2);
    }

    @Test
    void whenAFilterReportsAnErrorThenItIsAProblem() {
        Answered answer = http.post("/test/send-error", BODY, "Accept", "text/html");
        assertThat(answer.status()).isEqualTo(403);
        assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
        assertThat(answer.body()).doesNotContain("secret");
    }

    @Test
    void whenAFilterThrowsThenItIsAProblem() {
        Answered answer = http.post("/test/throw", BODY, "Accept", "text/html");
        assertThat(answer.status()).isEqualTo(500);
        assertThat(answer.problem()).isEqualTo("internal-error");
        assertThat(answer.body()).doesNotContain("secret");
    }

    @Test
    void whenChineseIsPreferredThenTheProblemIsInChinese() {
        Answered chinese = http.post("/none", BODY, "Accept-Language", "de;q=0.9, zh-Hans-CN;q=0.8, en;q=0.1");
        assertThat(chinese.text("$.title")).isEqualTo("未找到");
        assertThat(chinese.header("Content-Language")).isEqualTo("zh");
        for (String language : new String[] {"en-GB, zh;q=0.5", "fr", "*", ";;;=", "x".repeat(2000)}) {
            assertThat(http.post("/none", BODY, "Accept-Language", language).text("$.title")).isEqualTo("Not found");
        }
        assertThat(http.post("/none?secret=1", BODY).text("$.instance")).isEqualTo("/api/v1/sse/none");
        assertThat(http.post("/broadcast", "{\"event_type\":1}", "Accept-Language", "zh").texts("$.errors[*].message"))
                .containsExactly("必须是字符串", "为必填项");
    }
}
