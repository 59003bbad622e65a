import { ask } from './sse-answer.js'
import { SignIn } from './sse-sign-in.js'

/** One stream over and over: a browser's EventSource, watched, and opened anew where it gives up. */

const SERVER_EVENTS = ['connected', 'sse.reset', 'sse.goaway', 'sse.unread', 'sse.heartbeat']
const SHORTEST_WAIT = 1_000
const LONGEST_WAIT = 30_000
const GRACE = 1_000
const FREEZE = 2_000 // timers of tabs in the background fire up to a second late, after minutes there up to a minute
const SAME_TOKEN_RETRY = 5_000 // to twice that
const USUAL_RETRY = 10_000 // the server's `retry:`, usually shorter; scripts cannot see it

/** Whether no published event has that type. */
export function isOwn(type) {
    return type === 'connected' || type.startsWith('sse.')
}

/**
 * Tells its receiver `state(state)`, `event(type, id, data)` with the data as it came, `own(type, data)` for what happened to the
 * stream, and asks it for `cursor()` and `isOurs(connected)`.
 */
export class Stream {

    #options
    #receiver
    #types = new Set(SERVER_EVENTS)
    #source = null
    #timer
    #due = Infinity // when the timer fires
    #turn = 0 // what was begun in an earlier one has been overtaken
    #failures = 0
    #silences = 0
    #signIn
    #renewal // the timer of the next try
    #isWaiting = false
    #isFinal = false // refused for good
    #heard = 0
    #retry = USUAL_RETRY
    #listening = new AbortController()

    /** @param options `url(cursor, isProbe)`, `session` (where tokens go), `token`, `connectTimeout`, `withCredentials` */
    constructor(options, receiver) {
        this.#options = options
        this.#receiver = receiver
        this.#signIn = new SignIn(options)
        const signal = this.#listening.signal
        globalThis.addEventListener?.('online', () => this.#isWaiting && this.#connect(), { signal })
        globalThis.addEventListener?.('pageshow', event => event.persisted && !this.#isFinal && this.#connect(), { signal })
    }

    /** Opens it, or opens it anew with a new token. */
    open() {
        this.#signIn.renew()
        this.#isFinal = false
        this.#failures = 0
        this.#connect()
    }

    /** Events of that type are wanted, too. */
    listen(type) {
        if (!this.#types.has(type)) {
            this.#types.add(type)
            this.#source?.addEventListener(type, this.#onEvent)
        }
    }

    /** Whether its timer should have fired long ago: the browser has frozen the page. */
    get isFrozen() {
        return Date.now() > this.#due + FREEZE
    }

    /** A handler may do that in the midst of anything here, so whatever tells the receiver something looks afterwards. */
    get #isClosed() {
        return this.#listening.signal.aborted
    }

    /** Nothing is kept here. */
    forget() {}

    close() {
        this.#listening.abort()
        this.#end()
    }

    #end() {
        this.#turn++
        this.#isWaiting = false
        this.#due = Infinity
        clearTimeout(this.#timer)
        clearTimeout(this.#renewal)
        this.#source?.close()
        this.#source = null
    }

    #after(millis, action) {
        if (this.#isClosed) {
            return
        }
        clearTimeout(this.#timer)
        this.#due = Date.now() + millis
        this.#timer = setTimeout(action, millis)
    }

    async #connect() {
        this.#end()
        const turn = this.#turn
        this.#waitForToken()
        this.#receiver.state('connecting')
        if (turn !== this.#turn || this.#isClosed) {
            return
        }
        const refusal = await this.#signIn.run(() => turn === this.#turn)
        if (turn !== this.#turn) {
            return
        }
        if (refusal) {
            this.#refused(refusal)
        } else {
            this.#openSource()
        }
    }

    /** However long that takes: whoever is asked may be a human. The timer only shows whether the page is frozen. */
    #waitForToken() {
        this.#after(this.#options.connectTimeout, () => this.#waitForToken())
    }

    #openSource() {
        const url = this.#options.url(this.#receiver.cursor(), false)
        this.#source = new EventSource(url, { withCredentials: this.#options.withCredentials })
        this.#after(this.#options.connectTimeout, () => this.#stalled('not-connected'))
        this.#source.onopen = () => this.#after(this.#options.connectTimeout, () => this.#stalled('not-connected'))
        this.#source.onerror = () => this.#onError()
        this.#types.forEach(type => this.#source.addEventListener(type, this.#onEvent))
    }

    #onEvent = event => {
        if (event.target !== this.#source) {
            return // it was closed with events on their way
        }
        this.#heard = Date.now()
        if (event.type === 'connected' && !this.#onConnected(JSON.parse(event.data))) {
            return
        }
        this.#receiver.event(event.type, event.lastEventId, event.data)
        if (event.type === 'sse.goaway') {
            this.#onGoaway(JSON.parse(event.data))
        }
    }

    /** The first event of each connection, before anything that could move the cursor but an `sse.reset`. */
    #onConnected(connected) {
        if (!this.#receiver.isOurs(connected)) {
            this.#connect()
            return false
        }
        this.#failures = 0
        this.#silences = 0
        this.#retry = USUAL_RETRY
        this.#watch(2 * connected.heartbeat_ms + GRACE)
        this.#receiver.state('open')
        return true
    }

    /** Not a timer that each event sets back: there may be thousands a second. */
    #watch(limit) {
        const rest = this.#heard + limit - Date.now()
        if (rest <= 0) {
            this.#stalled('silent')
        } else {
            this.#after(rest, () => this.#watch(limit))
        }
    }

    #onGoaway({ reason, retry_ms: retry }) {
        if (reason === 'expiring') {
            this.#renew()
        } else if (retry > 0) {
            this.#retry = retry
        }
    }

    /** Goes over to a stream with the new token, instead of waiting for this one's end. */
    async #renew() {
        const source = this.#source
        if (source === null || !this.#options.token) {
            return
        }
        const former = this.#signIn.accepted
        const refusal = await this.#signIn.run(() => source === this.#source, true)
        if (source !== this.#source) {
            return
        }
        if (refusal) {
            this.#renewAfter(this.#delay())
            this.#receiver.own('sse.refused', this.#described(refusal, SHORTEST_WAIT))
        } else if (this.#signIn.accepted === former) {
            this.#renewAfter(SAME_TOKEN_RETRY * (1 + Math.random())) // the next stream would be told the same
        } else {
            this.#connect()
        }
    }

    #renewAfter(millis) {
        clearTimeout(this.#renewal)
        this.#renewal = setTimeout(() => this.#renew(), millis)
    }

    #onError() {
        if (this.#source.readyState === EventSource.CLOSED) {
            this.#probe()
            return
        }
        this.#after(this.#retry + this.#options.connectTimeout, () => this.#stalled('not-connected'))
        this.#receiver.state('waiting')
    }

    #stalled(reason) {
        this.#silences++
        const answered = this.#source?.readyState === EventSource.OPEN
        this.#comeBackAfter(this.#delay())
        this.#receiver.own('sse.stalled', { reason, answered, attempt: this.#silences })
    }

    /** By the HTML standard an EventSource gives up after any answer but an event stream, and does not say which. */
    async #probe() {
        this.#end()
        const turn = this.#turn
        this.#receiver.state('waiting')
        if (turn !== this.#turn) {
            return
        }
        const url = this.#options.url(this.#receiver.cursor(), true)
        const answer = await ask(url, { headers: { Accept: 'text/event-stream' } }, this.#options)
        if (turn !== this.#turn) {
            return
        }
        if (answer.isStream) {
            this.#comeBackAfter(this.#delay())
        } else {
            this.#refused(answer)
        }
    }

    #refused(answer) {
        const wantsToken = answer.status === 401 && this.#options.token !== undefined
        if (!answer.isPassing && !wantsToken) {
            this.#end()
            this.#isFinal = true
            this.#receiver.state('closed')
            this.#receiver.own('sse.refused', this.#described(answer, null))
            return
        }
        const isFirst = wantsToken && this.#failures === 0 && !this.#signIn.isDue // the token may just have ended
        this.#signIn.isDue ||= wantsToken
        const delay = Math.max(answer.retryAfter, this.#delay())
        this.#comeBackAfter(isFirst ? 0 : delay)
        this.#receiver.own('sse.refused', this.#described(answer, isFirst ? 0 : delay))
    }

    #described({ status, type, title, detail }, retryMs) {
        return { status, type, title, detail, final: retryMs === null, retryMs }
    }

    /** Longer each time, and never the same for those who were cut off together. */
    #delay() {
        const longest = Math.min(LONGEST_WAIT, SHORTEST_WAIT * 2 ** this.#failures)
        this.#failures++
        return Math.round(longest * (0.5 + Math.random() / 2))
    }

    #comeBackAfter(millis) {
        this.#end()
        this.#isWaiting = true
        this.#after(millis, () => this.#connect())
        this.#receiver.state('waiting')
    }
}
