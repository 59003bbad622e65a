import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import { scriptOf, startBrowser, until } from './browser.js'
import { StreamServer } from './server.js'

// Leading tabs that are still there but lead no more. (What happens when they go is tested with real nodes by the Java build.)

const CLIENT = "export * from '../sse-client.js'; import { SseClient } from '../sse-client.js'; window.SseClient = SseClient"

let server
let browser
let tabs = []
let user = 0
let sent
let sender

before(async () => {
    const resolveDir = new URL('.', import.meta.url).pathname
    server = await StreamServer.start(await scriptOf({ stdin: { contents: CLIENT, resolveDir } }))
    server.heartbeat = 500
    browser = await startBrowser()
})

after(async () => {
    clearInterval(sender)
    await browser?.close()
    await server?.stop()
})

beforeEach(async () => {
    clearInterval(sender)
    await Promise.all(tabs.map(tab => tab.close()))
    user++
    sent = 0
    sender = setInterval(() => server.send(String(user), 'n', ++sent), 10)
    tabs = []
    for (let i = 0; i < 3; i++) {
        tabs.push(await open())
    }
})

async function open() {
    const tab = await browser.newPage()
    await tab.goto(server.origin)
    await tab.waitForFunction('window.SseClient')
    await tab.evaluate(id => {
        window.seen = []
        window.resets = 0
        window.client = new SseClient({ user: id, shared: true, connectTimeout: 3000 })
        client.on('n', event => seen.push(event.data))
        client.on('sse.reset', () => resets++)
    }, String(user))
    await untilGoesOn(tab)
    return tab
}

async function untilGoesOn(tab) {
    const now = sent
    await until(() => tab.evaluate(n => seen.at(-1) > n, now), 30)
}

/** In each tab everything from its first on, once and in order. */
async function assertComplete(tab) {
    const last = sent
    await until(() => tab.evaluate(n => seen.at(-1) >= n, last))
    const seen = await tab.evaluate('seen')
    assert.deepEqual(seen, Array.from(seen, (_, i) => seen[0] + i))
    assert.equal(await tab.evaluate('resets'), 0)
}

async function assertOneStream() {
    await until(() => server.open.filter(stream => stream.user === String(user)).length === 1)
}

test('when the browser freezes the leading tab, another one takes its place', async () => {
    const session = await tabs[0].createCDPSession()
    await session.send('Page.setWebLifecycleState', { state: 'frozen' })
    await untilGoesOn(tabs[1])
    await untilGoesOn(tabs[2])
    await session.send('Page.setWebLifecycleState', { state: 'active' })
    await untilGoesOn(tabs[0])
    await assertOneStream()
    await Promise.all(tabs.map(assertComplete))
})

test('when the script of the leading tab hangs, another one takes its place', async () => {
    await tabs[0].evaluate(() => {
        setTimeout(() => {
            const end = Date.now() + 15_000
            while (Date.now() < end) { /* hang */ }
            window.hung = true
        })
    })
    await untilGoesOn(tabs[1])
    await untilGoesOn(tabs[2])
    await until(() => tabs[0].evaluate('window.hung'), 20)
    await untilGoesOn(tabs[0])
    await assertOneStream()
    await Promise.all(tabs.map(assertComplete))
})
