import assert from 'node:assert/strict'
import { afterEach, beforeEach, test } from 'node:test'
import { KeptCursor } from '../sse-cursor.js'
import { Tabs } from '../sse-tabs.js'
import { FakeChannel, FakeLocks, settle, showAgain, startFakes, stopFakes } from './fakes.js'

// Tabs of one site, all in this process; the test says what comes on the stream of the leading one.

let tabs
let stream // the last that was opened, as its receiver
let open // how many are

beforeEach(() => {
    startFakes()
    FakeChannel.all = []
    globalThis.BroadcastChannel = FakeChannel
    Object.defineProperty(globalThis, 'navigator', { value: { locks: new FakeLocks() }, configurable: true })
    tabs = []
    open = 0
})

afterEach(() => {
    tabs.forEach(tab => tab.close())
    stopFakes()
})

async function join(at, handlers = {}) {
    const cursor = new KeptCursor('k', [])
    cursor.moveTo(at)
    const seen = []
    const receiver = {
        state: state => handlers[state]?.(tab),
        event: (type, id, data, moves) => {
            seen.push(type === 't' ? id : type)
            handlers[id]?.(tab)
            if (moves) {
                cursor.moveTo(id)
            }
        },
        own() {},
        cursor: () => cursor.value,
        isOurs: () => true,
    }
    const tab = new Tabs('name', 10_000, cursor, receiver, newStream)
    tabs.push(tab)
    tab.open()
    await settle()
    return { seen, tab, cursor }
}

function newStream(receiver) {
    return {
        open() {
            stream = receiver
            open++
            receiver.state('connecting')
        },
        listen() {},
        close() {
            open--
        },
    }
}

async function connect() {
    stream.state('open')
    stream.event('connected', stream.cursor(), '{"heartbeat_ms":30000}')
    await settle()
}

async function send(...ids) {
    await sendOn(stream, ...ids)
}

async function sendOn(one, ...ids) {
    ids.forEach(id => one.event('t', id, '0'))
    await settle()
}

function events({ seen }) {
    return seen.filter(each => each !== 'connected')
}

test('a tab that has missed too much has a stream of its own until it has caught up', async () => {
    const first = await join('100')
    await connect()
    const leading = stream
    await send('110')
    const late = await join('50')
    assert.equal(stream.cursor(), '50')
    await connect()
    await send('60', '105')
    assert.equal(open, 2)
    await sendOn(leading, '120')
    await send('110')
    assert.equal(open, 1)
    await sendOn(leading, '130')
    assert.deepEqual(events(late), ['60', '105', '110', '120', '130'])
    assert.deepEqual(events(first), ['110', '120', '130'])
})

test('a gap is of that tab alone whose own cursor the server does not know any more', async () => {
    const first = await join('100')
    await connect()
    const leading = stream
    const second = await join('100')
    const late = await join('50')
    stream.event('sse.reset', '100', '{"reason":"too-old"}')
    await connect()
    await sendOn(leading, '110')
    assert.deepEqual(events(late), ['sse.reset', '110'])
    leading.event('sse.reset', '120', '{"reason":"lost"}')
    await settle()
    assert.equal(stream.cursor(), '110')
    assert.deepEqual(events(first), ['110', 'sse.reset'])
    assert.deepEqual(events(second), ['110'])
})

test('a tab that knows more than the next leader has nothing twice', async () => {
    const first = await join('100')
    await connect()
    const second = await join('100')
    await send('110')
    second.cursor.value = '90' // it was loaded again, and has not had it
    const third = await join('110')
    first.tab.close()
    await settle()
    assert.equal(stream.cursor(), '90')
    await connect()
    await send('110', '120')
    assert.deepEqual(events(third), ['120'])
})

test('a handler that closes its client in the midst of what it has missed leaves the rest for the next one', async () => {
    await join('100')
    await connect()
    await send('110', '120', '130')
    const second = await join('110', { 120: tab => tab.close() })
    assert.deepEqual(events(second), ['120'])
    assert.equal(second.cursor.value, '120')
})

test('a new tab that is sent away before it has begun has no cursor', async () => {
    const first = await join('')
    stream.event('sse.goaway', '', '{"reason":"unavailable","retry_ms":1}')
    assert.equal(first.cursor.value, '')
})

test('a message that did not come is asked for', async () => {
    await join('100')
    await connect()
    const second = await join('100')
    await send('110')
    FakeChannel.all.at(-1).isCached = true
    await send('120')
    FakeChannel.all.at(-1).isCached = false
    await send('130')
    assert.deepEqual(events(second), ['110', '120', '130'])
})

test('a tab that comes back from the cache gets what has come meanwhile', async () => {
    await join('100')
    await connect()
    const cached = await join('100')
    await send('110')
    FakeChannel.all.at(-1).isCached = true
    await send('120', '130')
    FakeChannel.all.at(-1).isCached = false
    showAgain()
    await settle()
    await send('140')
    assert.deepEqual(events(cached), ['110', '120', '130', '140'])
})

test('a handler that closes the leading tab while it connects leaves the lock to the next', async () => {
    let states = 0
    await join('100', { connecting: tab => ++states === 2 && tab.close() })
    const former = stream
    await join('100')
    assert.notEqual(stream, former)
})
