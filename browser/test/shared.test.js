import assert from 'node:assert/strict'
import { afterEach, beforeEach, test } from 'node:test'
import { KeptCursor } from '../sse-cursor.js'
import { Tabs } from '../sse-tabs.js'
import { FakeChannel, FakeLocks, settle, showAgain, startFakes, stopFakes } from './fakes.js'

// Tabs of one site, all in this process; the test says what comes on the stream of the leading one.

let tabs
let stream // of the leading tab, as its receiver

beforeEach(() => {
    startFakes()
    FakeChannel.all = []
    globalThis.BroadcastChannel = FakeChannel
    Object.defineProperty(globalThis, 'navigator', { value: { locks: new FakeLocks() }, configurable: true })
    tabs = []
})

afterEach(() => {
    tabs.forEach(tab => tab.close())
    stopFakes()
})

async function open(at, handlers = {}) {
    const cursor = new KeptCursor('k', [])
    cursor.moveTo(at)
    const seen = []
    const receiver = {
        state: state => handlers[state]?.(tab),
        event: (type, id, data, moves) => {
            seen.push(type === 't' ? id : type)
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
            receiver.state('connecting')
        },
        listen() {},
        close() {},
    }
}

async function connect() {
    stream.state('open')
    stream.event('connected', stream.cursor(), '{"heartbeat_ms":30000}')
    await settle()
}

async function send(...ids) {
    ids.forEach(id => stream.event('t', id, '0'))
    await settle()
}

test('one tab that has missed too much resets no other, and goes on with them', async () => {
    const first = await open('100')
    await connect()
    const second = await open('100')
    await send('110')
    const late = await open('50')
    assert.equal(stream.cursor(), '50')
    stream.event('sse.reset', '90', '{"reason":"too-old"}')
    await settle()
    assert.equal(stream.cursor(), '110')
    await connect()
    await send('120')
    assert.deepEqual(first.seen, ['connected', '110', 'connected', '120'])
    assert.deepEqual(second.seen, ['connected', '110', 'connected', '120'])
    assert.deepEqual(late.seen, ['connected', 'sse.reset', 'connected', '120'])
    assert.equal(late.cursor.value, '120')
})

test('a tab that comes back from the cache gets what has come meanwhile', async () => {
    await open('100')
    await connect()
    const cached = await open('100')
    await send('110')
    FakeChannel.all.at(-1).isCached = true
    await send('120', '130')
    FakeChannel.all.at(-1).isCached = false
    showAgain()
    await settle()
    await send('140')
    assert.deepEqual(cached.seen.filter(each => each !== 'connected'), ['110', '120', '130', '140'])
})

test('when the leading tab goes while it brings another one what that has missed, the next one goes on with it', async () => {
    const first = await open('100')
    await connect()
    await open('100')
    await send('110')
    const late = await open('50')
    await connect()
    await send('60')
    first.tab.close()
    await settle()
    assert.equal(stream.cursor(), '60')
    await connect()
    await send('70', '110', '120')
    assert.deepEqual(late.seen.filter(each => each !== 'connected'), ['60', '70', '110', '120'])
})

test('a handler that closes the leading tab while it connects leaves the lock to the next', async () => {
    let states = 0
    await open('100', { connecting: tab => ++states === 2 && tab.close() })
    const former = stream
    await open('100')
    assert.notEqual(stream, former)
})
