/**
 * Who may talk to a node, and what they may do.
 *
 * <p>An endpoint says what it needs with {@link dev.ssecluster.security.Requires}; without that nobody may call it in mode {@code jwt}. What
 * depends on the request (whose messages, which target, which group) it asks the {@link dev.ssecluster.security.Caller}, which it gets from
 * the bean {@link dev.ssecluster.security.Callers}, and refuses by {@link dev.ssecluster.security.Forbidden}:
 *
 * <pre>{@code
 * @RestController
 * @Requires(Right.ANY_TOKEN)
 * final class MessagesController implements MessagesApi {
 *     public Answer<UnreadCount> unread(String userId) {
 *         Forbidden.USER.unless(callers.current().mayActFor(userId));
 * }</pre>
 */
@NullMarked
package dev.ssecluster.security;

import org.jspecify.annotations.NullMarked;
