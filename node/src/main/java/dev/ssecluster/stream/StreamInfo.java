package dev.ssecluster.stream;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who a stream is, at one moment.
 *
 * @param connectionId 16 hexadecimal digits, another one for each stream
 * @param clientId given or generated
 * @param userId null for an anonymous stream
 * @param groups those that it named itself and those that it has joined, each once
 * @param sinceMicros when it was opened, in microseconds since the epoch
 */
public record StreamInfo(String connectionId, String clientId, @Nullable String userId, List<String> groups, long sinceMicros) {}
