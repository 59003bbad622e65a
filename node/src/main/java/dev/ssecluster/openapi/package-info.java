/** Describes the HTTP API to programs, as OpenAPI at {@code /v3/api-docs}. */
@NullMarked
package dev.ssecluster.openapi;

import org.jspecify.annotations.NullMarked;
