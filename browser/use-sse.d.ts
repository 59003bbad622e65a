import type { SseEvent, SseOptions } from './sse-client.js'

export interface UseSseResult<Data = any> {
    /** What the last event brought; null before the first. */
    data: Data | null
    /** Whether the stream is open. */
    isConnected: boolean
    /** The last event with its type and id; null before the first. */
    event: SseEvent<Data> | null
}

/** Options of the stream and `types`: the event types whose data is wanted, default `message` and `notification`. */
export type UseSseOptions = Omit<SseOptions, 'user' | 'groups'>

/**
 * The last event of a user's stream. All components that name the same user, group and options share one stream, which ends soon after
 * the last of them has gone. Options are compared by value, but for `token`, of which the one that opened the stream counts.
 */
export declare function useSSE<Data = any>(userId?: string | null, group?: string | string[] | null, options?: UseSseOptions): UseSseResult<Data>
