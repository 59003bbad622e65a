import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { FakeBrowser, randomFrom } from './browsers.js'

// Tabs that come, go and are loaded again whenever it hurts. A failure is repeated with SEED=<its number>.

const ROUNDS = Number(process.env.ROUNDS ?? 30)
const SEED = process.env.SEED
const STEPS = 25
const real = { setTimeout, clearTimeout, setInterval, clearInterval }
const realNow = Date.now

after(() => {
    Object.assign(globalThis, real)
    Date.now = realNow
})

/** From now on time is that browser's. */
function enter(browser) {
    globalThis.setTimeout = (run, millis = 0) => browser.after(millis, run)
    globalThis.clearTimeout = task => browser.drop(task)
    globalThis.setInterval = (run, millis) => browser.every(millis, run)
    globalThis.clearInterval = task => browser.drop(task)
    Date.now = () => browser.now
    Object.defineProperty(globalThis, 'navigator', { value: { locks: browser.locks }, configurable: true })
}

class Tab {

    seen = []
    resets = 0

    constructor(browser, name) {
        this.browser = browser
        this.name = name
    }

    async load() {
        await this.browser.open(this.name, async number => {
            const { SseClient } = await import(`../sse-client.js?page=${Tab.pages++}-${number}`)
            const client = new SseClient({ user: 'u', shared: true, connectTimeout: 3000 })
            client.on('n', event => this.seen.push(event.data))
            client.on('sse.reset', () => this.resets++)
        })
    }

    leave() {
        this.browser.leave(this.name)
    }

    static pages = 0
}

/** A tab goes, comes, is loaded again or hangs, or all connections are cut. */
async function disturb(browser, tab, random) {
    const chance = random()
    if (chance < 0.25) {
        tab.leave()
    } else if (chance < 0.85) {
        await tab.load()
    } else if (chance < 0.9) {
        browser.hang(tab.name, browser.delay(100, 90_000))
    } else {
        browser.server.cutAll()
    }
}

async function play(seed) {
    const random = randomFrom(seed)
    const browser = new FakeBrowser(random)
    enter(browser)
    const tabs = [0, 1, 2, 3].map(i => new Tab(browser, `tab${i}`))
    let isSending = true
    const send = () => {
        if (isSending) {
            browser.server.send()
            browser.after(random() < 0.002 ? 2_000 : 5, send, null) // quiet for a while, now and then
        }
    }
    send()
    for (let step = 0; step < STEPS; step++) {
        await disturb(browser, tabs[Math.floor(random() * tabs.length)], random)
        await browser.pass(browser.delay(0, random() < 0.5 ? 30 : 800))
    }
    for (const tab of tabs) {
        await tab.load()
    }
    await browser.pass(3000)
    isSending = false
    await browser.pass(100_000) // a tab that hangs may have the lock until it is asked
    return { browser, tabs }
}

function fault({ seen, resets }, sent) {
    if (resets > 0) {
        return `${resets} resets`
    }
    const wrong = seen.findIndex((n, i) => n !== seen[0] + i)
    return wrong >= 0 ? `${seen[wrong]} after ${seen[wrong - 1]}` : seen.at(-1) === sent ? null : `ends at ${seen.at(-1)}, not ${sent}`
}

test('tabs that are loaded at random miss nothing and have nothing twice', async () => {
    const first = SEED === undefined ? Math.floor(Math.random() * 4_294_967_296) : Number(SEED)
    for (let seed = first; seed < first + (SEED === undefined ? ROUNDS : 1); seed++) {
        const { browser, tabs } = await play(seed)
        const faults = tabs.map(tab => fault(tab, browser.server.sent)).filter(each => each !== null)
        assert.deepEqual(faults, [], `SEED=${seed}`)
        assert.equal(browser.server.open, 1, `SEED=${seed}`)
    }
})
