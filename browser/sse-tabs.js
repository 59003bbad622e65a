import { TabChannel } from './sse-channel.js'
import { highestOf, latestOf } from './sse-cursor.js'
import { LastSaid } from './sse-last.js'
import { LeaderLock } from './sse-lock.js'
import { RecentEvents } from './sse-recent.js'
import { isOwn } from './sse-stream.js'
import { WantedTypes } from './sse-types.js'
import { LeaderWatch } from './sse-watch.js'

const LARGEST_LEAD = 60_000_000 // microseconds that one tab's cursor can be before another's

/**
 * One stream for all tabs of a site. The tab that holds the lock leads: it has a stream and posts what comes. The browser gives the lock of
 * a tab that has gone to the next. A leader that the browser has frozen resigns when it is asked; one that does not answer is deposed.
 *
 * Each tab has a cursor of its own, and there is one rule: a tab follows the leader only from a cursor on of which the leader knows all
 * that came after it. Until then it has a stream of its own, which the server resumes at the tab's cursor, so what is lost, and what the
 * server no longer has, is judged there and for each tab alone. What a leader posts is numbered: who misses a number asks anew.
 */
export class Tabs {

    #cursor
    #receiver
    #newStream
    #recent = new RecentEvents()
    #types
    #name
    #channel = null
    #lock
    #watch // of the leader, while this tab is not it
    #stream = null // while this tab leads, or does not follow yet
    #leads = false
    #leader = '' // which tab that is
    #term = 0 // of the latest leader; ascends
    #count = null // how many events the leader has posted: all of them are here; null while this tab does not follow
    #isAsking = false // the leader, for what came after the cursor
    #last
    #stalls = 0

    constructor(name, timeout, cursor, receiver, newStream) {
        this.#name = name
        this.#types = new WantedTypes(name)
        this.#lock = new LeaderLock(name, () => this.#lead(), () => this.#leads && this.#resign())
        this.#watch = new LeaderWatch(timeout, () => this.#ask(), () => this.#depose())
        this.#cursor = cursor
        this.#receiver = receiver
        this.#newStream = newStream
        this.#last = new LastSaid(receiver, this.#watch)
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
        if (!this.#types.has(type)) {
            this.#learn(type)
            this.#types.remember(type)
            this.#post({ kind: 'types', types: [type] })
        }
    }

    close() {
        this.#watch.stop()
        this.#stream?.close()
        this.#channel?.close()
        this.#channel = null
        this.#lock.close()
    }

    forget() {
        this.#types.forget()
    }

    #join() {
        this.#cursor.movesAll = false
        this.#recent.goOnAt(this.#cursor.value)
        this.#channel = new TabChannel(this.#name, message => this.#onMessage(message), () => this.#onShown())
        this.#watch.start()
        this.#receiver.state('connecting')
        this.#lock.queue()
        this.#hello()
    }

    #post(message) {
        this.#channel?.post({ ...message, term: this.#term })
    }

    /** Where is the leader, and what has come since this tab's cursor? */
    #hello() {
        this.#isAsking = true
        this.#post({ kind: 'hello', cursor: this.#cursor.value, types: this.#types.known })
    }

    #learn(type) {
        this.#types.learn(type)
        this.#stream?.listen(type)
    }

    #lead() {
        this.#term = Math.max(this.#term + 1, Date.now())
        this.#leader = this.#channel.id
        this.#leads = true
        this.#count = 0
        this.#cursor.movesAll = true
        this.#watch.stop()
        this.#post({ kind: 'lead' })
        this.#openStream()
    }

    /** Its own stream goes on until it follows the next. */
    #resign() {
        this.#leads = false
        this.#cursor.movesAll = false
        this.#watch.start()
        this.#lock.queue()
        this.#fallBehind()
    }

    #fallBehind() {
        this.#count = null
        this.#hello()
    }

    /** Back from the browser's cache, where messages do not come. */
    #onShown() {
        if (!this.#leads) {
            this.#watch.hear()
            this.#fallBehind()
        }
    }

    #openStream() {
        if (this.#stream === null) {
            this.#last.begin()
            this.#stream = this.#newStream(this.#ownReceiver())
            this.#types.all.forEach(type => this.#stream.listen(type))
            this.#stream.open()
        }
    }

    #ownReceiver() {
        return {
            state: state => this.#relay({ kind: 'state', state }, () => this.#last.state(state)),
            event: (type, id, data) => this.#relay({ kind: 'event', type, id, data }, () => this.#onEvent(type, id, data)),
            own: (type, data) => this.#relay({ kind: 'own', type, data }, () => this.#receiver.own(type, data)),
            cursor: () => this.#cursor.value,
            isOurs: connected => this.#receiver.isOurs(connected),
        }
    }

    /** Posted before this tab's own handlers have it: they may take long. */
    #relay(message, take) {
        if (this.#leads) {
            this.#count += message.kind === 'event' ? 1 : 0
            this.#post({ ...message, count: this.#count })
        }
        take()
    }

    /** On a stream of this tab's own. */
    #onEvent(type, id, data) {
        if (type === 'sse.reset') {
            this.#recent.interrupt()
            this.#receiver.event(type, id, data, true)
        } else {
            this.#take(type, id, data)
        }
        if (!this.#leads && !this.#isAsking && id !== '') {
            this.#hello()
        }
    }

    /** Nothing after a handler has closed this tab's client: its cursor must not pass over what no handler has had. */
    #take(type, id, data) {
        if (this.#channel === null) {
            return
        }
        this.#last.hear(type, data)
        if (type === 'connected') {
            this.#recent.goOnAt(latestOf(id, this.#cursor.value)) // of another user's cursor nothing is left now
        }
        if (isOwn(type) || this.#recent.add({ type, id, data })) {
            this.#receiver.event(type, id, data, false)
        }
        this.#cursor.moveTo(latestOf(id, this.#cursor.value))
    }

    #onMessage(message) {
        if (message.kind === 'types' || message.kind === 'hello') {
            message.types.forEach(type => this.#learn(type))
        }
        if (this.#leads) {
            this.#onRequest(message)
        } else if (['lead', 'pong', 'state', 'event', 'own', 'welcome'].includes(message.kind)) {
            this.#onNews(message)
        }
    }

    /** What other tabs want of the leader. */
    #onRequest(message) {
        if (message.kind === 'hello') {
            this.#welcome(message.tab, message.cursor)
        } else if (message.kind === 'reopen') {
            this.#stream.open()
        } else if (message.kind === 'ping' && !this.#stream.isFrozen) {
            this.#post({ kind: 'pong' })
        } else if (message.kind === 'ping') {
            this.#lock.release()
            this.#resign()
        }
    }

    #welcome(to, cursor) {
        const own = this.#cursor.value
        const isPossible = cursor === '' || own === '' || highestOf(cursor) < highestOf(own) + LARGEST_LEAD
        const missed = cursor === '' ? [] : isPossible ? this.#recent.after(cursor) : null
        this.#post({ kind: 'welcome', to, missed, cursor: own, count: this.#count, last: this.#last.all })
    }

    #onNews(message) {
        if (message.term < this.#term) {
            return // of a leader that is it no longer
        }
        const isNew = message.tab !== this.#leader || message.term > this.#term
        this.#leader = message.tab
        this.#term = message.term
        this.#watch.hear()
        if (message.kind === 'welcome') {
            this.#onWelcome(message)
        } else if (isNew) {
            this.#fallBehind()
        } else if (this.#count !== null) {
            this.#onLeader(message)
        }
    }

    /** @param message of the leader that this tab follows */
    #onLeader(message) {
        if (message.kind === 'state') {
            this.#last.state(message.state)
        } else if (message.kind === 'own') {
            this.#receiver.own(message.type, message.data)
        } else if (message.kind === 'event' && (message.count !== this.#count + 1 || message.type === 'sse.reset')) {
            this.#fallBehind() // the leader's gap need not be this tab's
        } else if (message.kind === 'event') {
            this.#count++
            this.#take(message.type, message.id, message.data)
        }
    }

    #onWelcome({ to, last, cursor, missed, count }) {
        if (to !== this.#channel.id || this.#count !== null) {
            return
        }
        this.#isAsking = false
        this.#stalls = 0
        if (missed === null) {
            this.#openStream()
        } else {
            this.#follow(last, cursor, missed, count)
        }
    }

    #follow(last, cursor, missed, count) {
        this.#count = count
        this.#stream?.close()
        this.#stream = null
        this.#last.adopt(last)
        if (this.#cursor.value === '') {
            this.#cursor.moveTo(cursor)
        }
        this.#recent.goOnAt(this.#cursor.value)
        missed.forEach(({ type, id, data }) => this.#take(type, id, data))
    }

    #ask() {
        this.#post({ kind: 'ping' })
        if (this.#count === null) {
            this.#hello()
        }
    }

    #depose() {
        if (this.#count === null && this.#stream === null) {
            this.#receiver.own('sse.stalled', { reason: 'not-connected', answered: false, attempt: ++this.#stalls })
        }
        this.#lock.steal()
    }
}
