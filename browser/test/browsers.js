/** A browser with many tabs and a server, in one thread and virtual time: what happens next is drawn, and the same for the same seed. */

/** Numbers at random, the same for the same seed (mulberry32). */
export function randomFrom(seed) {
    let state = seed >>> 0
    return () => {
        state = (state + 0x6D2B79F5) >>> 0
        let t = state
        t = Math.imul(t ^ (t >>> 15), t | 1)
        t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
        return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
    }
}

class FakeStorage {

    #items = new Map()

    getItem(key) {
        return this.#items.get(key) ?? null
    }

    setItem(key, value) {
        this.#items.set(key, String(value))
        this[key] = value // Object.keys lists what is there
    }

    removeItem(key) {
        this.#items.delete(key)
        delete this[key]
    }
}

/**
 * Tasks of pages that are gone never run; what they had posted still arrives. Messages of one tab stay in order, those of several come
 * as they like.
 */
export class FakeBrowser {

    #random
    #tasks = []
    #sequence = 0
    #page = null // whose task it is
    #pages = 0
    #local = new FakeStorage()
    #sessions = new Map()
    #channels = new Set()
    #arrivals = new Map() // when the last message from one to another comes
    #holders = new Map()
    #waiting = []
    now = 1_700_000_000_000
    server

    constructor(random) {
        this.#random = random
        this.server = new FakeServer(this)
    }

    delay(least, most) {
        return least + Math.floor(this.#random() * (most - least + 1))
    }

    /** Runs that much later, as a task of the present page. */
    after(millis, run, page = this.#page) {
        const task = { at: this.now + millis, sequence: this.#sequence++, run, page }
        this.#tasks.push(task)
        return task
    }

    every(millis, run) {
        const task = this.after(millis, () => {
            run()
            if (!task.isDropped) {
                task.at = this.now + millis
                this.#tasks.push(task)
            }
        })
        return task
    }

    drop(task) {
        if (task) {
            task.isDropped = true
        }
        this.#tasks = this.#tasks.filter(each => each !== task)
    }

    /** A page with a client; in the same tab it finds what the tab's former page has stored. */
    async open(tab, begin) {
        this.leave(tab)
        const page = { tab, number: ++this.#pages, isAlive: true }
        if (!this.#sessions.has(tab)) {
            this.#sessions.set(tab, new FakeStorage())
        }
        this.#current.set(tab, page)
        await this.#run({ page, run: () => begin(page.number) })
    }

    #current = new Map()

    /** Its script runs for so long, and nothing else there. */
    hang(tab, millis) {
        const page = this.#current.get(tab)
        if (page?.isAlive) {
            page.hangsUntil = this.now + millis
        }
    }

    leave(tab) {
        const page = this.#current.get(tab)
        if (page?.isAlive) {
            page.isAlive = false
            this.#tasks = this.#tasks.filter(task => task.page !== page)
            this.server.cut(page)
            this.#channels.forEach(channel => channel.page === page && this.#channels.delete(channel))
            this.#waiting = this.#waiting.filter(request => request.page !== page)
            this.#holders.forEach((holder, name) => holder.page === page && this.after(this.delay(0, 60), () => this.#releaseOf(holder, name), null))
        }
    }

    /** Runs tasks until that much time has passed. */
    async pass(millis) {
        const end = this.now + millis
        for (;;) {
            const next = this.#tasks.reduce((a, b) => a !== null && (a.at - b.at || a.sequence - b.sequence) < 0 ? a : b, null)
            if (next === null || next.at > end) {
                break
            }
            this.#tasks.splice(this.#tasks.indexOf(next), 1)
            this.now = Math.max(this.now, next.at)
            if (next.page?.hangsUntil > this.now) {
                this.#tasks.push(Object.assign(next, { at: next.page.hangsUntil }))
            } else {
                await this.#run(next)
            }
        }
        this.now = end
    }

    async #run({ page, run }) {
        this.#page = page
        this.#install(page)
        await run()
        for (let i = 0; i < 3; i++) {
            await new Promise(resolve => nextTurn(resolve))
        }
        this.#page = null
    }

    #install(page) {
        const browser = this
        globalThis.sessionStorage = page && this.#sessions.get(page.tab)
        globalThis.localStorage = this.#local
        globalThis.BroadcastChannel = class {
            constructor(name) {
                Object.assign(this, { name, page, onmessage: null })
                browser.#channels.add(this)
            }

            postMessage(data) {
                browser.#post(this, structuredClone(data))
            }

            close() {
                browser.#channels.delete(this)
            }
        }
        globalThis.EventSource = class extends FakeSource {
            constructor(url) {
                super(url, browser, page)
            }
        }
    }

    #post(from, data) {
        for (const to of this.#channels) {
            if (to !== from && to.name === from.name) {
                const pair = `${from.page.number} ${to.page.number}`
                const at = Math.max(this.now + this.delay(0, 40), this.#arrivals.get(pair) ?? 0)
                this.#arrivals.set(pair, at)
                this.after(at - this.now, () => this.#channels.has(to) && to.onmessage?.({ data }), to.page)
            }
        }
    }

    get locks() {
        return { request: (name, options, callback) => this.#request(name, options, callback) }
    }

    #request(name, { signal, steal }, callback) {
        return new Promise((resolve, reject) => {
            const request = { name, callback, resolve, reject, page: this.#page }
            signal?.addEventListener('abort', () => {
                if (this.#waiting.includes(request)) {
                    this.#waiting = this.#waiting.filter(each => each !== request)
                    reject(new DOMException('aborted', 'AbortError'))
                }
            })
            if (steal && this.#holders.has(name)) {
                const holder = this.#holders.get(name)
                this.after(0, () => holder.reject(new DOMException('stolen', 'AbortError')), holder.page)
                this.#grant(request)
            } else {
                this.#waiting.push(request)
                this.#next(name)
            }
        })
    }

    #next(name) {
        const request = this.#waiting.find(each => each.name === name)
        if (request && !this.#holders.has(name)) {
            this.#waiting = this.#waiting.filter(each => each !== request)
            this.#grant(request)
        }
    }

    #grant(request) {
        this.#holders.set(request.name, request)
        this.after(this.delay(0, 20), () => {
            Promise.resolve(request.callback()).then(value => {
                request.resolve(value)
                this.#releaseOf(request, request.name)
            })
        }, request.page)
    }

    #releaseOf(holder, name) {
        if (this.#holders.get(name) === holder) {
            this.#holders.delete(name)
            this.#next(name)
        }
    }
}

const nextTurn = setImmediate

/** Numbers for everybody; it keeps them all. */
class FakeServer {

    #browser
    #events = []
    #sources = new Set()
    connections = 0

    constructor(browser) {
        this.#browser = browser
    }

    get sent() {
        return this.#events.length
    }

    send() {
        const id = String(this.#browser.now * 1000 + this.#events.length % 1000)
        this.#events.push({ id, data: this.#events.length + 1 })
        this.#sources.forEach(source => this.#push(source))
    }

    connect(source) {
        const cursor = Number(source.lastEventId || (source.url.searchParams.get('last_event_id') ?? 0))
        const last = Number(this.#events.at(-1)?.id ?? this.#browser.now * 1000)
        this.connections++
        source.next = cursor === 0 ? this.#events.length : this.#events.findIndex(event => Number(event.id) > cursor)
        source.next = source.next < 0 ? this.#events.length : source.next
        const began = cursor === 0 ? String(last) : String(cursor)
        this.#later(source, 'connected', { user_id: 'u', heartbeat_ms: 30_000 }, began)
        this.#sources.add(source)
        this.#push(source)
    }

    #push(source) {
        while (source.next < this.#events.length) {
            const { id, data } = this.#events[source.next++]
            this.#later(source, 'n', data, id)
        }
    }

    #later(source, type, data, id) {
        source.arrival = Math.max(this.#browser.now + this.#browser.delay(1, 15), source.arrival)
        const { connection } = source
        this.#browser.after(source.arrival - this.#browser.now, () => source.connection === connection && source.say(type, data, id), source.page)
    }

    /** All connections end, with what was on its way. */
    cutAll() {
        const sources = [...this.#sources]
        this.#sources.clear()
        sources.forEach(source => source.lose())
    }

    cut(page) {
        this.#sources.forEach(source => source.page === page && this.#sources.delete(source))
    }

    leave(source) {
        this.#sources.delete(source)
    }

    get open() {
        return this.#sources.size
    }
}

class FakeSource extends EventTarget {

    static CLOSED = 2
    static OPEN = 1
    readyState = 0
    arrival = 0
    next = 0
    connection = 0
    lastEventId = ''

    constructor(url, browser, page) {
        super()
        this.url = new URL(url, 'http://page')
        this.page = page
        this.browser = browser
        this.#connect()
    }

    #connect() {
        this.browser.after(this.browser.delay(2, 60), () => this.readyState === 0 && this.browser.server.connect(this), this.page)
    }

    /** It comes back by itself, as an EventSource does. */
    lose() {
        this.connection++
        this.browser.after(this.browser.delay(0, 20), () => {
            if (this.readyState !== 2) {
                this.readyState = 0
                this.onerror?.()
                this.#connect()
            }
        }, this.page)
    }

    say(type, data, lastEventId) {
        if (this.readyState !== 2) {
            this.readyState = 1
            this.lastEventId = lastEventId
            this.dispatchEvent(Object.assign(new Event(type), { data: JSON.stringify(data), lastEventId }))
        }
    }

    close() {
        this.readyState = 2
        this.browser.server.leave(this)
    }
}
