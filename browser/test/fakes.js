import { mock } from 'node:test'
import { setImmediate } from 'node:timers/promises'

/** Stands for the browser's EventSource; the test says what comes. */
export class FakeSource extends EventTarget {

    static CLOSED = 2
    static OPEN = 1
    static all = []
    readyState = 0

    constructor(url) {
        super()
        this.url = new URL(url, 'http://page')
        FakeSource.all.push(this)
    }

    static get last() {
        return FakeSource.all.at(-1)
    }

    static get open() {
        return FakeSource.all.filter(source => source.readyState !== FakeSource.CLOSED)
    }

    get cursor() {
        return this.url.searchParams.get('last_event_id')
    }

    say(type, data, lastEventId = '') {
        this.readyState = FakeSource.OPEN
        this.dispatchEvent(Object.assign(new Event(type), { data: JSON.stringify(data), lastEventId }))
    }

    connect(lastEventId = '1') {
        this.say('connected', { user_id: 'u', heartbeat_ms: 30_000 }, lastEventId)
    }

    fail(readyState) {
        this.readyState = readyState
        this.onerror()
    }

    close() {
        this.readyState = FakeSource.CLOSED
    }
}

/** What was asked with `fetch`; all is answered the same. */
export const asked = []

export function answerWith(status, problem) {
    const headers = problem ? { 'Content-Type': 'application/problem+json' } : {}
    globalThis.fetch = async (url, init) => {
        asked.push({ url, ...init })
        return new Response(problem ? JSON.stringify(problem) : null, { status, headers })
    }
}

const listeners = new EventTarget()

/** A browser without anything that tabs could share; time stands still until the test moves it. */
export function startFakes() {
    FakeSource.all = []
    asked.length = 0
    answerWith(204)
    globalThis.EventSource = FakeSource
    globalThis.addEventListener = listeners.addEventListener.bind(listeners)
    mock.timers.enable({ apis: ['setTimeout', 'setInterval', 'Date'], now: 1_000_000 })
}

export function stopFakes() {
    mock.timers.reset()
}

/** The page comes back from the back/forward cache. */
export function showAgain() {
    listeners.dispatchEvent(Object.assign(new Event('pageshow'), { persisted: true }))
}

/** Lets everything run that waits for promises alone. */
export async function settle() {
    for (let i = 0; i < 5; i++) {
        await setImmediate()
    }
}

export async function pass(millis) {
    mock.timers.tick(millis)
    await settle()
}

/** Stands for a BroadcastChannel. One that is `cached` is of a page in the back/forward cache: nothing comes there. */
export class FakeChannel {

    static all = []
    isCached = false
    onmessage = null

    constructor(name) {
        this.name = name
        FakeChannel.all.push(this)
    }

    postMessage(data) {
        const others = FakeChannel.all.filter(each => each !== this && each.name === this.name && !each.isCached)
        others.forEach(each => queueMicrotask(() => each.onmessage?.({ data: structuredClone(data) })))
    }

    close() {
        FakeChannel.all = FakeChannel.all.filter(each => each !== this)
        this.onmessage = null
    }
}

/** Stands for the locks of a browser: the first that asks has it until its promise ends; nobody steals. */
export class FakeLocks {

    #last = new Map()

    request(name, { signal }, callback) {
        const turn = (this.#last.get(name) ?? Promise.resolve()).then(() => signal?.aborted ? undefined : callback())
        this.#last.set(name, turn)
        return turn
    }
}
