import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { after, before, beforeEach, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { scriptOf, startBrowser, until } from './browser.js'
import { StreamServer } from './server.js'

let server
let browser
let page

before(async () => {
    server = await StreamServer.start(await scriptOf({ entryPoints: [new URL('page.jsx', import.meta.url).pathname] }))
    browser = await startBrowser()
})

after(async () => {
    await browser?.close()
    await server?.stop()
})

beforeEach(async () => {
    await page?.close()
    page = await browser.newPage()
    await page.goto(server.origin)
    await page.waitForFunction('window.show')
    await until(() => server.open.length === 0)
    server.opened = 0
})

function show(...parts) {
    return page.evaluate(all => window.show(all), parts)
}

async function shown(name) {
    return JSON.parse(await page.evaluate(id => document.getElementById(id)?.textContent ?? 'null', name))
}

async function untilShown(name, expected) {
    let last
    await until(async () => JSON.stringify(last = await shown(name)) === JSON.stringify(expected))
        .catch(() => assert.deepEqual(last, expected))
}

test('components that name the same share one stream, in strict mode too', async () => {
    await show({ name: 'a', user: '1', group: 'g' }, { name: 'b', user: '1', group: 'g' }, { name: 'c', user: '1', group: 'g', options: { types: ['order'] } })
    await untilShown('a', { data: null, isConnected: true })
    server.send('1', 'notification', { title: 'Hello' })
    server.send('1', 'order', 7)
    await untilShown('a', { data: { title: 'Hello' }, isConnected: true })
    await untilShown('b', { data: { title: 'Hello' }, isConnected: true })
    await untilShown('c', { data: 7, isConnected: true })
    assert.deepEqual(server.open, [{ user: '1', groups: ['g'] }])
    assert.equal(server.opened, 1)
})

test('a component that comes later sees what was last, and none opens a stream for it', async () => {
    await show({ name: 'a', user: '2', group: 'g' })
    await untilShown('a', { data: null, isConnected: true })
    server.send('2', 'message', [1])
    server.send('2', 'notification', [2])
    await untilShown('a', { data: [2], isConnected: true })
    await show({ name: 'a', user: '2', group: 'g' }, { name: 'b', user: '2', group: 'g' })
    await untilShown('b', { data: [2], isConnected: true })
    assert.equal(server.opened, 1)
})

test('the stream ends after the last component has gone', async () => {
    await show({ name: 'a', user: '3' }, { name: 'b', user: '3' })
    await untilShown('b', { data: null, isConnected: true })
    await show({ name: 'b', user: '3' })
    await sleep(1500)
    assert.equal(server.open.length, 1)
    await show()
    await until(() => server.open.length === 0)
    assert.equal(server.opened, 1)
})

test('another user gets another stream, and nothing of the former', async () => {
    await show({ name: 'a', user: '4', group: 'g' })
    await untilShown('a', { data: null, isConnected: true })
    server.send('4', 'message', 'secret')
    await untilShown('a', { data: 'secret', isConnected: true })
    await show({ name: 'a', user: '5', group: 'g' })
    await untilShown('a', { data: null, isConnected: true })
    await until(() => server.open.length === 1)
    assert.deepEqual(server.open, [{ user: '5', groups: ['g'] }])
})

test('isConnected follows the stream', async () => {
    await show({ name: 'a', user: '6' })
    await untilShown('a', { data: null, isConnected: true })
    await page.evaluate(() => {
        window.states = []
        new MutationObserver(() => states.push(document.getElementById('a').textContent)).observe(document.getElementById('a'),
            { characterData: true, childList: true, subtree: true })
    })
    server.cut()
    await until(() => server.opened === 2)
    await untilShown('a', { data: null, isConnected: true })
    assert.ok((await page.evaluate(() => states.join())).includes('"isConnected":false'))
})

test("the docs' example works as it stands", async () => {
    const text = await readFile(new URL('../../docs/browser-client.md', import.meta.url), 'utf8')
    const example = text.match(/```jsx\n(.*?)```/s)[1]
    const contents = `${example}
        import { createRoot } from 'react-dom/client'
        createRoot(document.body).render(<Orders userId="7" />)`
    const content = await scriptOf({ stdin: { contents, loader: 'jsx', resolveDir: new URL('.', import.meta.url).pathname } })
    await page.addScriptTag({ content, type: 'module' })
    await page.waitForSelector('p.online')
    server.send('7', 'order.shipped', { order: 42 })
    await until(async () => (await page.content()).includes('Order 42 is on its way'))
    assert.deepEqual(server.open, [{ user: '7', groups: ['orders'] }])
})
