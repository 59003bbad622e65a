import { highestOf, isAtLeast } from './sse-cursor.js'

const LONGEST_REWIND = 600_000_000 // microseconds; the server keeps nothing for longer, and of a busy channel less
const LARGEST_LEAD = 60_000_000 // of one tab before another

/**
 * What the leading tab does: it has the stream, posts all that comes before its own handlers have it, and answers the others. `tab` is
 * its own side of what is shared: `post(message)`, `take(type, id, data)`, `cursor`, `recent`, `last`, `receiver`.
 */
export class Leader {

    #tab
    #stream
    #start = null // where the stream is, while that is before this tab's own cursor
    #asking = new Set() // the tabs that it was taken back for
    #isConnected = false

    constructor(tab, newStream, types) {
        this.#tab = tab
        this.#tab.last.connected = null
        const { position = '' } = tab.last // where a former leader's stream was
        this.#start = position === '' || isAtLeast(position, tab.cursor.value) ? null : position
        if (!tab.recent.hasBegun) {
            tab.recent.beginAt(tab.cursor.value)
        }
        this.#stream = newStream(this.#relay())
        types.forEach(type => this.#stream.listen(type))
    }

    open() {
        this.#stream.open()
    }

    listen(type) {
        this.#stream.listen(type)
    }

    /** A frozen page still gets messages, but neither events nor timers. */
    get isFrozen() {
        return this.#stream.isFrozen
    }

    close() {
        this.#stream.close()
    }

    #relay() {
        const { post, receiver, last, cursor } = this.#tab
        return {
            state: state => {
                last.state = state
                post({ kind: 'state', state })
                receiver.state(state)
            },
            event: (type, id, data) => this.#onEvent(type, id, data),
            own: (type, data) => {
                post({ kind: 'own', type, data })
                receiver.own(type, data)
            },
            cursor: () => this.#start ?? cursor.value,
            isOurs: connected => this.#isOurs(connected),
        }
    }

    #isOurs(connected) {
        const isOurs = this.#tab.receiver.isOurs(connected)
        this.#start = isOurs ? this.#start : null
        return isOurs
    }

    #onEvent(type, id, data) {
        if (type === 'sse.reset' && this.#start !== null && this.#tab.last.state !== 'open') {
            this.#giveUpRewind(data)
            return
        }
        if (type === 'connected') {
            this.#isConnected = true
        }
        this.#tab.post({ kind: 'event', type, id, data })
        this.#tab.take(type, id, data)
        this.#follow(id)
    }

    /** If the stream is cut off before it has caught up, it goes on from there: the tab it was taken back for has no more yet. */
    #follow(id) {
        if (this.#start !== null && id !== '') {
            this.#start = isAtLeast(id, this.#tab.cursor.value) ? null : id
        }
        if (this.#start === null) {
            this.#asking.clear()
        }
    }

    /** The server does not keep that much. The gap is of those alone who asked, so the others go on where they are. */
    #giveUpRewind(data) {
        const { post, cursor, recent } = this.#tab
        post({ kind: 'reset', to: [...this.#asking], cursor: cursor.value, data })
        this.#asking.clear()
        this.#start = null
        recent.beginAt(cursor.value)
        this.#stream.open()
    }

    /** Another tab has come, which stands at that cursor. */
    welcome(to, cursor) {
        const { post, recent, last, cursor: own } = this.#tab
        const rewinds = this.#mustRewind(cursor)
        if (rewinds) {
            this.#start = cursor
            recent.beginAt(cursor)
            this.#stream.open()
        }
        const isPossible = cursor === '' || own.value === '' || highestOf(cursor) < highestOf(own.value) + LARGEST_LEAD
        const missed = cursor === '' || rewinds ? [] : isPossible ? recent.after(cursor) : null
        if (this.#start !== null && missed !== null && !isAtLeast(cursor, own.value)) {
            this.#asking.add(to)
        }
        post({ kind: 'welcome', to, last, missed, cursor: own.value })
    }

    /** Everybody drops what they have had, so the stream may as well begin earlier. */
    #mustRewind(cursor) {
        const own = this.#tab.cursor.value
        const isBehind = cursor !== '' && own !== '' && isAtLeast(this.#start ?? own, cursor) && this.#tab.recent.after(cursor) === null
        return isBehind && (!this.#isConnected || highestOf(own) - highestOf(cursor) < LONGEST_REWIND)
    }
}
