import { Memory } from './sse-cursor.js'

const PATIENCE = 3_000
const LOOK_EVERY = 2_000
const USUAL_LIMIT = 65_000

/**
 * One stream for all tabs of a site. The tab that holds the lock leads: it has the stream, and posts what comes to the others before
 * its own handlers have it. The browser gives the lock of a tab that has gone to the next, which resumes at its own cursor; each tab
 * drops what it has had already. A leader that does not answer (frozen by the browser) is deposed.
 *
 * Every tab knows the recent events, so that one that was reloaded gets what it has missed from whichever leads.
 */
export class Tabs {

    #name
    #timeout
    #cursor
    #recent
    #receiver
    #newStream
    #typeMemory = new Memory('local')
    #types = new Set()
    #tab = crypto.randomUUID()
    #channel = null
    #pending = new AbortController() // of the lock
    #release = null // gives the lock back
    #stream = null // only while it leads
    #start = null // where the leader's stream begins, if not at its own cursor
    #term = 0 // of the latest leader; ascends
    #isWelcome = false // has heard from the leader where it stands
    #early = [] // what came before that
    #last = { state: 'connecting', connected: null, unread: null } // what a tab that joins must know
    #heard = 0 // when the leader said something
    #asked = 0 // when it was asked whether it is there
    #limit
    #stalls = 0
    #timer

    constructor(name, timeout, cursor, recent, receiver, newStream) {
        this.#name = name
        this.#timeout = timeout
        this.#cursor = cursor
        this.#recent = recent
        this.#receiver = receiver
        this.#newStream = newStream
        this.#limit = timeout
    }

    open() {
        if (this.#channel === null) {
            this.#join()
        } else if (this.#stream) {
            this.#stream.open()
        } else {
            this.#post({ kind: 'reopen' })
        }
    }

    /** Events of that type are wanted, too, by all tabs that will ever lead. */
    listen(type) {
        if (this.#types.has(type)) {
            return
        }
        this.#types.add(type)
        this.#typeMemory.write(this.#typeKey(type), 1)
        this.#stream?.listen(type)
        this.#post({ kind: 'types', types: [type] })
    }

    #typeKey(type) {
        return `types:${this.#name}:${type}`
    }

    close() {
        clearInterval(this.#timer)
        this.#pending.abort()
        this.#stream?.close()
        this.#channel?.close()
        this.#channel = null
        this.#release?.()
    }

    #join() {
        this.#cursor.movesAll = false
        this.#recent.deliveredTo(this.#cursor.value)
        this.#channel = new BroadcastChannel(this.#name)
        this.#channel.onmessage = event => this.#onMessage(event.data)
        this.#heard = Date.now()
        this.#timer = setInterval(() => this.#look(), LOOK_EVERY)
        this.#receiver.state('connecting')
        this.#queue()
        this.#hello()
    }

    #post(message) {
        this.#channel?.postMessage({ ...message, tab: this.#tab, term: this.#term })
    }

    #hello() {
        this.#post({ kind: 'hello', cursor: this.#cursor.value, types: [...this.#types] })
    }

    #queue() {
        this.#pending = new AbortController()
        this.#request({ signal: this.#pending.signal })
    }

    #request(options) {
        navigator.locks.request(this.#name, options, () => this.#channel && this.#lead()).catch(error => this.#onNoLock(error))
    }

    /** Given up by this tab, taken by another, or never to be had. */
    #onNoLock(error) {
        if (this.#channel === null) {
            return
        }
        if (error.name !== 'AbortError') {
            this.#lead() // locks are forbidden here
        } else if (this.#stream) {
            this.#follow()
        }
    }

    #lead() {
        this.#term = Math.max(this.#term + 1, Date.now())
        this.#cursor.movesAll = true
        this.#isWelcome = true
        this.#early = [] // the stream brings it again
        if (!this.#recent.hasBegun) {
            this.#recent.beginAt(this.#cursor.value)
        }
        this.#last.connected = null
        this.#stream = this.#newStream(this.#relay())
        const remembered = this.#typeMemory.keys(this.#typeKey(''))
        new Set([...this.#types, ...remembered]).forEach(type => this.#stream.listen(type))
        this.#post({ kind: 'lead' })
        this.#stream.open()
        return new Promise(resolve => {
            this.#release = resolve
        })
    }

    #follow() {
        this.#stream.close()
        this.#stream = null
        this.#cursor.movesAll = false
        this.#isWelcome = false
        this.#heard = Date.now()
        this.#queue()
        this.#hello()
    }

    /** What the leader's stream tells. Posted first: handlers may take their time. */
    #relay() {
        return {
            state: state => {
                this.#last.state = state
                this.#post({ kind: 'state', state })
                this.#receiver.state(state)
            },
            event: (type, id, data) => {
                this.#post({ kind: 'event', type, id, data })
                this.#take(type, id, data)
            },
            own: (type, data) => {
                this.#post({ kind: 'own', type, data })
                this.#receiver.own(type, data)
            },
            cursor: () => this.#start ?? this.#cursor.value,
            isOurs: connected => this.#receiver.isOurs(connected),
        }
    }

    /** @param moves false for what an earlier leader had sent: the new one's stream began before it */
    #take(type, id, data, moves = true) {
        if (type === 'connected' || type.startsWith('sse.')) {
            this.#takeOwn(type, id, data)
        } else if (this.#recent.add({ type, id, data })) {
            this.#receiver.event(type, id, data, moves)
        } else if (moves) {
            this.#cursor.moveTo(id)
        }
    }

    #takeOwn(type, id, data) {
        if (type === 'connected') {
            this.#onConnected(id, data)
        } else if (type === 'sse.unread') {
            this.#last.unread = data
        } else if (type === 'sse.reset') {
            this.#recent.beginAt('')
        }
        this.#receiver.event(type, id, data, true)
    }

    #onConnected(id, data) {
        this.#last.connected = data
        this.#start = null
        this.#limit = 2 * JSON.parse(data).heartbeat_ms + PATIENCE
        this.#recent.deliveredTo(this.#cursor.value)
        if (!this.#recent.hasBegun) {
            this.#recent.beginAt(id)
        }
    }

    #onMessage(message) {
        if (this.#channel === null) {
            return
        }
        if (message.kind === 'types' || message.kind === 'hello') {
            message.types.forEach(type => this.#learn(type))
        }
        if (this.#stream) {
            this.#onRequest(message)
        } else {
            this.#onNews(message)
        }
    }

    #learn(type) {
        this.#types.add(type)
        this.#stream?.listen(type)
    }

    /** What other tabs want of the leader. A former leader's last events may come, too. */
    #onRequest(message) {
        if (message.kind === 'hello') {
            this.#welcome(message.tab, message.cursor)
        } else if (message.kind === 'ping') {
            this.#post({ kind: 'pong' })
        } else if (message.kind === 'reopen') {
            this.#stream.open()
        } else if (message.kind === 'event' && message.term < this.#term) {
            this.#takeLate(message)
        }
    }

    #takeLate({ type, id, data }) {
        if (type !== 'connected' && !type.startsWith('sse.')) {
            this.#take(type, id, data, false)
        }
    }

    #welcome(to, cursor) {
        const hasNothingYet = this.#last.connected === null
        if (hasNothingYet && cursor !== '' && this.#recent.beginsAfter(cursor)) {
            this.#start = cursor // nobody has had anything of this stream, so it may as well begin earlier
            this.#recent.beginAt(cursor)
            this.#stream.open()
        }
        const missed = cursor === '' ? [] : this.#recent.after(cursor)
        this.#post({ kind: 'welcome', to, last: this.#last, cursor: hasNothingYet ? '' : this.#cursor.value, missed })
    }

    #onNews(message) {
        if (message.term < this.#term) {
            if (message.kind === 'event') {
                this.#takeLate(message)
            }
            return
        }
        if (['lead', 'pong', 'state', 'event', 'own', 'welcome'].includes(message.kind)) {
            this.#term = message.term
            this.#heard = Date.now()
            this.#asked = 0
            this.#onLeader(message)
        }
    }

    #onLeader(message) {
        if (message.kind === 'welcome') {
            this.#onWelcome(message)
        } else if (message.kind === 'lead') {
            this.#onNewLeader()
        } else if (!this.#isWelcome) {
            this.#early.push(message)
        } else if (message.kind === 'state') {
            this.#last.state = message.state
            this.#receiver.state(message.state)
        } else if (message.kind === 'own') {
            this.#receiver.own(message.type, message.data)
        } else if (message.kind === 'event') {
            this.#onEvent(message)
        }
    }

    #onEvent({ type, id, data }) {
        if (type === 'connected') {
            this.#receiver.isOurs(JSON.parse(data))
        }
        this.#take(type, id, data)
    }

    #onNewLeader() {
        if (!this.#isWelcome) {
            this.#early = []
            this.#hello()
        }
    }

    #onWelcome({ to, last, cursor, missed }) {
        if (to !== this.#tab || this.#isWelcome) {
            return
        }
        this.#isWelcome = true
        this.#stalls = 0
        this.#last = last
        this.#receiver.state(last.state)
        this.#greet(last)
        if (missed === null) {
            this.#receiver.event('sse.reset', '', '{"reason":"too-old"}', false)
        }
        if (!this.#recent.hasBegun) {
            this.#recent.beginAt(cursor)
        }
        missed?.forEach(({ type, id, data }) => this.#take(type, id, data))
        this.#early.splice(0).forEach(message => this.#onLeader(message))
        this.#cursor.moveTo(cursor)
    }

    #greet({ connected, unread }) {
        if (connected !== null) {
            const greeting = JSON.parse(connected)
            this.#limit = 2 * greeting.heartbeat_ms + PATIENCE
            this.#receiver.isOurs(greeting)
            this.#receiver.event('connected', '', connected, false)
        } else {
            this.#limit = USUAL_LIMIT
        }
        if (unread !== null) {
            this.#receiver.event('sse.unread', '', unread, false)
        }
    }

    /** Whether the leader is still there; its heartbeats are relayed. */
    #look() {
        const now = Date.now()
        if (this.#stream || now - this.#heard < this.#limit) {
            return
        }
        if (this.#asked === 0) {
            this.#asked = now
            this.#post({ kind: 'ping' })
            if (!this.#isWelcome) {
                this.#hello()
            }
        } else if (now - this.#asked > PATIENCE * (1 + Math.random())) { // not all at once
            this.#depose()
        }
    }

    #depose() {
        if (!this.#isWelcome) {
            this.#stalls++
            this.#receiver.own('sse.stalled', { reason: 'not-connected', answered: false, attempt: this.#stalls })
        }
        this.#asked = 0
        this.#heard = Date.now()
        this.#pending.abort()
        this.#request({ steal: true })
    }
}
