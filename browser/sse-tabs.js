import { isAtLeast } from './sse-cursor.js'
import { Leader } from './sse-leader.js'
import { LeaderLock } from './sse-lock.js'
import { RecentEvents } from './sse-recent.js'
import { isOwn } from './sse-stream.js'
import { WantedTypes } from './sse-types.js'
import { LeaderWatch } from './sse-watch.js'

const USUAL_HEARTBEAT = 30_000

/**
 * One stream for all tabs of a site. The tab that holds the lock leads: it has the stream and posts what comes. The browser gives the
 * lock of a tab that has gone to the next, which resumes at its own cursor; each tab drops what it has had already. A leader that the
 * browser has frozen resigns when it is asked; one that does not answer is deposed.
 *
 * Every tab knows the recent events, so that one that was loaded again gets what it has missed from whichever leads.
 */
export class Tabs {

    #name
    #cursor
    #receiver
    #newStream
    #recent = new RecentEvents()
    #types
    #tab = crypto.randomUUID()
    #channel = null
    #lock
    #listening = new AbortController()
    #leader = null // while this tab is it
    #term = 0 // of the latest leader; ascends
    #isWelcome = false // has heard from the leader where it stands
    #early = [] // what came before that
    #last = { state: 'connecting', connected: null, unread: null, position: '' } // of the stream: what a tab that joins must know
    #watch // of the leader, while this tab is not it
    #stalls = 0

    constructor(name, timeout, cursor, receiver, newStream) {
        this.#name = name
        this.#types = new WantedTypes(name)
        this.#lock = new LeaderLock(name, () => this.#lead(), () => this.#leader && this.#follow())
        this.#watch = new LeaderWatch(timeout, () => this.#ask(), () => this.#depose())
        this.#cursor = cursor
        this.#receiver = receiver
        this.#newStream = newStream
    }

    open() {
        if (this.#channel === null) {
            this.#join()
        } else if (this.#leader) {
            this.#leader.open()
        } else {
            this.#post({ kind: 'reopen' })
        }
    }

    /** Events of that type are wanted, too, by all tabs that will ever lead. */
    listen(type) {
        if (!this.#types.has(type)) {
            this.#learn(type)
            this.#types.remember(type)
            this.#post({ kind: 'types', types: [type] })
        }
    }

    close() {
        this.#watch.stop()
        this.#listening.abort()
        this.#leader?.close()
        this.#channel?.close()
        this.#channel = null
        this.#lock.close()
    }

    forget() {
        this.#types.forget()
    }

    #join() {
        this.#cursor.movesAll = false
        this.#recent.deliveredTo(this.#cursor.value)
        this.#channel = new BroadcastChannel(this.#name)
        this.#channel.onmessage = event => this.#onMessage(event.data)
        globalThis.addEventListener?.('pageshow', event => event.persisted && this.#onShown(), { signal: this.#listening.signal })
        this.#watch.start()
        this.#receiver.state('connecting')
        this.#lock.queue()
        this.#hello()
    }

    #post = message => {
        this.#channel?.postMessage({ ...message, tab: this.#tab, term: this.#term })
    }

    #hello() {
        this.#post({ kind: 'hello', cursor: this.#cursor.value, types: this.#types.known })
    }

    #lead() {
        this.#term = Math.max(this.#term + 1, Date.now())
        this.#cursor.movesAll = true
        this.#isWelcome = true
        this.#early = [] // the stream brings it again
        this.#watch.stop()
        const side = { post: this.#post, take: this.#take, cursor: this.#cursor, recent: this.#recent, last: this.#last, receiver: this.#receiver }
        this.#leader = new Leader(side, this.#newStream, this.#types.all)
        this.#post({ kind: 'lead', cursor: this.#cursor.value })
        this.#leader.open()
    }

    #follow() {
        this.#leader.close()
        this.#leader = null
        this.#cursor.movesAll = false
        this.#watch.start()
        this.#lock.queue()
        this.#rejoin()
    }

    /** Back from the browser's cache, where messages do not come. */
    #onShown() {
        if (!this.#leader) {
            this.#watch.hear()
            this.#rejoin()
        }
    }

    /** Asks the leader once more what this tab has missed. */
    #rejoin() {
        this.#isWelcome = false
        this.#early = []
        this.#hello()
    }

    /** @param late what an earlier leader has sent: the present one's stream began before it */
    #take = (type, id, data, late = false) => {
        if (!late && id !== '') {
            this.#last.position = id
        }
        if (isOwn(type)) {
            this.#takeOwn(type, id, data)
        } else if (this.#recent.add({ type, id, data })) {
            this.#receiver.event(type, id, data, !late && isAtLeast(id, this.#cursor.value))
        } else if (!late && isAtLeast(id, this.#cursor.value)) {
            this.#cursor.moveTo(id)
        }
    }

    #takeOwn(type, id, data) {
        if (type === 'connected') {
            this.#onConnected(id, data)
        } else if (type === 'sse.unread') {
            this.#last.unread = data
        } else if (type === 'sse.reset') {
            this.#recent.interrupt()
        }
        this.#receiver.event(type, id, data, type === 'sse.reset' || isAtLeast(id, this.#cursor.value))
    }

    #onConnected(id, data) {
        const greeting = JSON.parse(data)
        this.#last.connected = data
        this.#watch.expect(greeting.heartbeat_ms)
        this.#receiver.isOurs(greeting)
        this.#recent.deliveredTo(this.#cursor.value)
        if (!this.#recent.hasBegun || !isAtLeast(id, this.#cursor.value)) {
            this.#recent.beginAt(id) // earlier than this tab is: so all of it can be had in order
        }
    }

    #onMessage(message) {
        if (this.#channel === null) {
            return
        }
        if (message.kind === 'types' || message.kind === 'hello') {
            message.types.forEach(type => this.#learn(type))
        }
        if (message.kind === 'event' && message.term < this.#term && !isOwn(message.type)) {
            this.#take(message.type, message.id, message.data, true)
        } else if (this.#leader) {
            this.#onRequest(message)
        } else if (message.term >= this.#term) {
            this.#onNews(message)
        }
    }

    #learn(type) {
        this.#types.learn(type)
        this.#leader?.listen(type)
    }

    /** What other tabs want of the leader. */
    #onRequest(message) {
        if (message.kind === 'hello') {
            this.#leader.welcome(message.tab, message.cursor)
        } else if (message.kind === 'reopen') {
            this.#leader.open()
        } else if (message.kind === 'ping' && !this.#leader.isFrozen) {
            this.#post({ kind: 'pong' })
        } else if (message.kind === 'ping') {
            this.#lock.release()
            this.#follow()
        }
    }

    #onNews(message) {
        if (['lead', 'pong', 'state', 'event', 'own', 'welcome', 'reset'].includes(message.kind)) {
            this.#term = message.term
            this.#watch.hear()
            this.#onLeader(message)
        }
    }

    #onLeader(message) {
        if (message.kind === 'welcome') {
            this.#onWelcome(message)
        } else if (message.kind === 'lead') {
            this.#onLead(message.cursor)
        } else if (!this.#isWelcome) {
            this.#early.push(message)
        } else if (message.kind === 'state') {
            this.#last.state = message.state
            this.#receiver.state(message.state)
        } else if (message.kind === 'own') {
            this.#receiver.own(message.type, message.data)
        } else if (message.kind === 'event') {
            this.#take(message.type, message.id, message.data)
        } else if (message.kind === 'reset' && message.to.includes(this.#tab)) {
            this.#onGap(message.cursor, message.data)
        } else if (message.kind === 'reset') {
            this.#recent.beginAt(message.cursor) // what was to come before is missing
        }
    }

    /** It resumes at its own cursor, and the former one may not have brought this tab so far yet. */
    #onLead(cursor) {
        if (!this.#isWelcome || (cursor !== '' && !isAtLeast(this.#cursor.value, cursor))) {
            this.#rejoin()
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
        this.#catchUp(cursor, missed)
        this.#early.splice(0).forEach(message => this.#onLeader(message))
    }

    /** @param cursor the leader's */
    #catchUp(cursor, missed) {
        if (missed === null) {
            this.#onGap(cursor, '{"reason":"too-old"}')
        } else if (this.#cursor.value === '') {
            this.#cursor.moveTo(cursor)
        }
        this.#recent.goOnAt(this.#cursor.value)
        missed?.forEach(({ type, id, data }) => this.#take(type, id, data))
    }

    /** This tab goes on where the leader is. */
    #onGap(cursor, data) {
        this.#recent.interrupt()
        this.#receiver.event('sse.reset', cursor, data, true)
        this.#recent.goOnAt(this.#cursor.value)
    }

    #greet({ connected, unread }) {
        const greeting = JSON.parse(connected)
        this.#watch.expect(greeting?.heartbeat_ms ?? USUAL_HEARTBEAT)
        if (greeting !== null) {
            this.#receiver.isOurs(greeting)
            this.#receiver.event('connected', '', connected, false)
        }
        if (unread !== null) {
            this.#receiver.event('sse.unread', '', unread, false)
        }
    }

    #ask() {
        this.#post({ kind: 'ping' })
        if (!this.#isWelcome) {
            this.#hello()
        }
    }

    #depose() {
        if (!this.#isWelcome) {
            this.#receiver.own('sse.stalled', { reason: 'not-connected', answered: false, attempt: ++this.#stalls })
        }
        this.#lock.steal()
    }
}
