const USUAL_HEARTBEAT = 30_000

/** What the stream has said of itself: a tab that joins must know it, and when it can expect to hear something. */
export class LastSaid {

    all = { state: 'connecting', connected: null, unread: null }
    #receiver
    #watch

    constructor(receiver, watch) {
        this.#receiver = receiver
        this.#watch = watch
    }

    state(state) {
        this.all.state = state
        this.#receiver.state(state)
    }

    /** Another stream is to come. */
    begin() {
        this.all.connected = null
    }

    hear(type, data) {
        if (type === 'connected') {
            const greeting = JSON.parse(data)
            this.all.connected = data
            this.#watch.expect(greeting.heartbeat_ms)
            this.#receiver.isOurs(greeting)
        } else if (type === 'sse.unread') {
            this.all.unread = data
        }
    }

    /** This tab joins one of which that is known, and tells its handlers. */
    adopt(all) {
        this.all = all
        const { state, connected, unread } = all
        this.#receiver.state(state)
        this.#watch.expect(JSON.parse(connected)?.heartbeat_ms ?? USUAL_HEARTBEAT)
        if (connected !== null) {
            this.#receiver.isOurs(JSON.parse(connected))
            this.#receiver.event('connected', '', connected, false)
        }
        if (unread !== null) {
            this.#receiver.event('sse.unread', '', unread, false)
        }
    }
}
