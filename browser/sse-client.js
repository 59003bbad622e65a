import { eventIdOf, KeptCursor } from './sse-cursor.js'
import { isOwn, Stream } from './sse-stream.js'
import { Tabs } from './sse-tabs.js'

const NATIVE_TYPES = ['error', 'open'] // an EventSource has events of its own by these names
const claimed = new Set() // keys of cursors that a client of this page keeps

/** A stream that stays. What it offers and promises: sse-client.d.ts and docs/browser-client.md. */
export class SseClient {

    #options
    #handlers = new Map()
    #state = 'connecting'
    #connected = null
    #key
    #cursor
    #isEnded = false
    #line // a Stream of its own, or Tabs with one for all

    constructor(options = {}) {
        this.#options = { backlog: 'unseen', connectTimeout: 10_000, types: [], withCredentials: Boolean(options.token), ...given(options) }
        this.#check()
        this.#key = this.#claimKey()
        this.#cursor = new KeptCursor(this.#key, this.#memories())
        this.#line = this.#isShareable() ? this.#sharedLine() : this.#ownLine()
        this.#options.types.forEach(type => this.#line.listen(type))
        queueMicrotask(() => this.#isEnded || this.#line.open())
    }

    get state() {
        return this.#state
    }

    get shared() {
        return this.#line instanceof Tabs
    }

    get connected() {
        return this.#connected
    }

    on(type, handler) {
        checkType(type)
        const registration = { handler } // the same handler may be there twice
        this.#handlers.set(type, [...(this.#handlers.get(type) ?? []), registration])
        if (!isOwn(type) && !this.#isEnded) {
            this.#line.listen(type)
        }
        return () => {
            this.#handlers.set(type, this.#handlers.get(type).filter(each => each !== registration))
        }
    }

    reconnect() {
        if (!this.#isEnded) {
            this.#line.open()
        }
    }

    close({ forget = false } = {}) {
        if (!this.#isEnded) {
            this.#isEnded = true
            claimed.delete(this.#key)
            this.#line.close()
            this.#setState('closed')
        }
        if (forget) {
            this.#cursor.end()
            this.#line.forget()
        }
    }

    #check() {
        const { shared, token, user, types } = this.#options
        if (shared && token && user === undefined) {
            throw new TypeError('A shared stream needs the user: otherwise tabs with tokens of different users would share one')
        }
        if (!Array.isArray(types)) {
            throw new TypeError('types must be an array')
        }
        types.forEach(checkType)
    }

    /** Two clients of one page must not move one cursor: it would pass over what the slower one has not had. */
    #claimKey() {
        const { url = '', user = null, id = null, groups = [], unread = false, envelope = false, shared = false } = this.#options
        const parts = [url, user, id, [...groups].sort()]
        const key = JSON.stringify(shared ? [...parts, unread, envelope] : parts)
        let free = key
        for (let i = 2; claimed.has(free); i++) {
            free = `${key}#${i}`
        }
        claimed.add(free)
        return free
    }

    #memories() {
        const { cursor, shared } = this.#options
        if (cursor === 'none') {
            return []
        }
        return shared ? ['session', 'local'] : [cursor ?? 'session']
    }

    #isShareable() {
        return Boolean(this.#options.shared && globalThis.navigator?.locks && globalThis.BroadcastChannel)
    }

    #ownLine() {
        return this.#stream(this.#receiver())
    }

    #sharedLine() {
        const { connectTimeout } = this.#options
        return new Tabs(`sse-cluster:${this.#key}`, connectTimeout, this.#cursor, this.#receiver(), receiver => this.#stream(receiver))
    }

    #receiver() {
        return {
            state: state => this.#setState(state),
            event: (type, id, data, moves = true) => this.#receive(type, id, data, moves),
            own: (type, data) => this.#isEnded || this.#dispatch({ type, id: '', eventId: '', data }),
            cursor: () => this.#cursor.value,
            isOurs: connected => this.#cursor.isOf(connected.user_id),
        }
    }

    #stream(receiver) {
        const { token, connectTimeout, withCredentials } = this.#options
        const base = `${this.#options.url ?? ''}/api/v1/sse`
        const url = (cursor, isProbe) => `${base}/stream?${this.#query(cursor, isProbe)}`
        return new Stream({ url, session: `${base}/session`, token, connectTimeout, withCredentials }, receiver)
    }

    /** @param isProbe it must not count as served what it would get */
    #query(cursor, isProbe) {
        const { user, id, groups = [], unread, envelope, backlog } = this.#options
        const begins = cursor === '' && (isProbe || backlog === 'none')
        const parts = { user_id: user, id, unread: unread && 'true', envelope: envelope && 'true', heartbeat: 'event',
            last_event_id: cursor, backlog: begins && 'none' }
        const query = new URLSearchParams(Object.entries(parts).filter(([, value]) => value))
        groups.forEach(group => query.append('group', group))
        return query
    }

    /** The cursor follows after the handlers, so what a crash in between interrupts comes once more. */
    #receive(type, id, data, moves) {
        if (this.#isEnded) {
            return
        }
        const value = parsed(data)
        if (type === 'connected') {
            this.#connected = value
        }
        this.#dispatch(isOwn(type) ? { type, id: '', eventId: '', data: value } : this.#published(type, id, value))
        if (moves) {
            this.#cursor.moveTo(id)
        }
    }

    #published(type, id, value) {
        const event = { type, id, eventId: eventIdOf(id), data: value }
        if (!this.#options.envelope) {
            return event
        }
        const { data, ...envelope } = value
        return { ...event, data, envelope }
    }

    #setState(state) {
        const previous = this.#state
        if (state !== previous && (state === 'closed' || !this.#isEnded)) {
            this.#state = state
            this.#dispatch({ type: 'sse.state', id: '', eventId: '', data: { state, previous } })
        }
    }

    #dispatch(event) {
        for (const { handler } of this.#handlers.get(event.type) ?? []) {
            try {
                handler(event)
            } catch (error) {
                reportError(error)
            }
        }
    }
}

/** An option that is undefined is none. */
function given(options) {
    return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined))
}

function checkType(type) {
    if (NATIVE_TYPES.includes(type)) {
        throw new TypeError(`Events of type '${type}' cannot be told from the EventSource's own`)
    }
}

function parsed(data) {
    try {
        return JSON.parse(data)
    } catch {
        return data // not this server's
    }
}
