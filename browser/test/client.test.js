import assert from 'node:assert/strict'
import { afterEach, beforeEach, test } from 'node:test'
import { SseClient } from '../sse-client.js'
import { answerWith, asked, FakeSource, pass, settle, showAgain, startFakes, stopFakes } from './fakes.js'

const GOAWAY = { reason: 'expiring' }
const FORBIDDEN = { type: 'urn:sse-cluster:problem:forbidden', title: 'Forbidden' }

let clients

beforeEach(() => {
    startFakes()
    clients = []
})

afterEach(() => {
    clients.forEach(client => client.close())
    stopFakes()
})

async function open(options) {
    const client = new SseClient(options)
    clients.push(client)
    await settle()
    return client
}

function statesOf(client) {
    const states = []
    client.on('sse.state', ({ data }) => states.push(data.state))
    return states
}

function closesAt(client, state) {
    client.on('sse.state', ({ data }) => data.state === state && client.close())
}

test('a handler that closes when the stream is cut off leaves nothing behind', async () => {
    const client = await open({ user: 'u' })
    const states = statesOf(client)
    closesAt(client, 'waiting')
    FakeSource.last.connect()
    FakeSource.last.fail(0)
    await pass(120_000)
    assert.deepEqual(states, ['open', 'waiting', 'closed'])
    assert.equal(FakeSource.open.length, 0)
    assert.equal(FakeSource.all.length, 1)
})

test('a handler that closes while an answer is looked for leaves nothing behind', async () => {
    const client = await open({ user: 'u' })
    closesAt(client, 'waiting')
    FakeSource.last.fail(2)
    await pass(120_000)
    assert.deepEqual([FakeSource.all.length, asked.length], [1, 0])
})

test('a handler that closes when the stream stalls leaves nothing behind, and is told nothing more', async () => {
    const client = await open({ user: 'u' })
    const stalls = []
    client.on('sse.stalled', ({ data }) => stalls.push(data))
    closesAt(client, 'waiting')
    await pass(10_000)
    await pass(120_000)
    assert.deepEqual([FakeSource.all.length, stalls.length, client.state], [1, 0, 'closed'])
})

test('a handler that closes when the token ends leaves nothing behind', async () => {
    let tokens = 0
    const client = await open({ token: () => `token${++tokens}` })
    client.on('sse.goaway', () => client.close())
    FakeSource.last.connect()
    FakeSource.last.say('sse.goaway', GOAWAY)
    await pass(120_000)
    assert.deepEqual([FakeSource.all.length, FakeSource.open.length, tokens], [1, 0, 1])
})

test('a handler that closes when it connects gets nothing more', async () => {
    const client = await open({ user: 'u' })
    const seen = []
    client.on('connected', event => seen.push(event))
    closesAt(client, 'open')
    FakeSource.last.connect()
    await pass(120_000)
    assert.deepEqual([FakeSource.all.length, seen.length], [1, 0])
})

test('a handler that opens it anew when it is cut off does so once', async () => {
    const client = await open({ user: 'u' })
    const off = client.on('sse.state', ({ data }) => data.state === 'waiting' && (off(), client.reconnect()))
    FakeSource.last.connect()
    FakeSource.last.fail(0)
    await settle()
    FakeSource.last.connect()
    await pass(25_000)
    assert.equal(FakeSource.all.length, 2)
})

test('a page that comes back from the cache connects anew, but not after a final refusal', async () => {
    const client = await open({ user: 'u' })
    showAgain()
    await settle()
    assert.equal(FakeSource.all.length, 2)
    answerWith(403, FORBIDDEN)
    FakeSource.last.fail(2)
    await settle()
    assert.equal(client.state, 'closed')
    showAgain()
    await settle()
    assert.equal(FakeSource.all.length, 2)
    client.reconnect()
    await settle()
    assert.equal(FakeSource.all.length, 3)
})

test('closing twice does not disarm the next client for the same', async () => {
    const first = await open({ user: 'u' })
    first.close()
    const second = await open({ user: 'u' })
    const states = statesOf(second)
    first.close()
    second.reconnect()
    await settle()
    second.close()
    assert.deepEqual([states, FakeSource.open.length], [['closed'], 0])
})

test('an option that is undefined has its default', async () => {
    const client = await open({ user: 'u', connectTimeout: undefined, types: undefined, backlog: undefined })
    const stalls = []
    client.on('sse.stalled', ({ data }) => stalls.push(data))
    await pass(9_000)
    assert.equal(stalls.length, 0)
    await pass(2_000)
    assert.equal(stalls.length, 1)
})

test("types that are an EventSource's own cannot be had", async () => {
    const client = await open({ user: 'u' })
    assert.throws(() => client.on('error', () => undefined), TypeError)
    assert.throws(() => client.on('open', () => undefined), TypeError)
    assert.throws(() => new SseClient({ types: ['error'] }), TypeError)
})
