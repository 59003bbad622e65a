package dev.ssecluster.stream;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who a stream is.
 *
 * @param connectionId 16 hexadecimal digits, unique in the cluster
 * @param userId null for an anonymous stream
 * @param sinceMicros when it was opened, microseconds by Redis' clock
 */
public record StreamInfo(
        String connectionId, String clientId, @Nullable String userId, List<String> groups, long sinceMicros) {}
