package dev.ssecluster.problem;

import java.io.IOException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.http.HttpException;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ClientFaultsTests {

    @Test
    void whenABodyCannotBeReadThenTheClientIsTold() {
        assertThat(ClientFaults.whileReading(new IOException("Early EOF")).type()).isEqualTo(ProblemType.INCOMPLETE_BODY);
        assertThat(ClientFaults.whileReading(new IOException(new TimeoutException())).type()).isEqualTo(ProblemType.BODY_TIMEOUT);
        assertThat(ClientFaults.whileReading(new IOException(new HttpException.RuntimeException(400, "chunk"))).type())
                .isEqualTo(ProblemType.MALFORMED_HTTP);
    }

    @Test
    void whenAConnectionOfTheNodeFailsThenItIsNoFaultOfTheClient() {
        IOException redis = new IOException("Connection reset by peer");
        assertThat(ClientFaults.isDisconnect(redis)).isTrue();
        assertThat(ClientFaults.isDisconnect(new CompletionException(redis))).isFalse();
        assertThat(ClientFaults.refusalIn(new CompletionException(new TimeoutException()))).isNull();
    }
}
