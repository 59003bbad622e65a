package dev.ssecluster.publish;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How long messages live.
 *
 * @param retention the longest life of a message, and its life when none is asked for
 */
@ConfigurationProperties("sse.message")
record MessageSettings(@DefaultValue("7d") Duration retention) {}
