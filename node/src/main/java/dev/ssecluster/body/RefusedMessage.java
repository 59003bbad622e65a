package dev.ssecluster.body;

import dev.ssecluster.model.Batch;
import dev.ssecluster.problem.RefusedException;

/** A message of a batch that was found wrong while the body was read; the others are not concerned. */
public record RefusedMessage(RefusedException reason) implements Batch.Entry {}
