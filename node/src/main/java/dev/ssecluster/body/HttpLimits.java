package dev.ssecluster.body;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * How much of a body is read before it is refused.
 *
 * @param maxBodyBytes for one message
 * @param maxBatchBytes for a batch
 */
@ConfigurationProperties("sse.http")
record HttpLimits(@DefaultValue("512KB") DataSize maxBodyBytes, @DefaultValue("8MB") DataSize maxBatchBytes) {

    int bodyBytes() {
        return Math.toIntExact(maxBodyBytes.toBytes());
    }

    int batchBytes() {
        return Math.toIntExact(maxBatchBytes.toBytes());
    }
}
