import assert from 'node:assert/strict'
import { afterEach, beforeEach, test } from 'node:test'
import { SseClient } from '../sse-client.js'
import { asked, FakeSource, pass, settle, startFakes, stopFakes } from './fakes.js'

let client

beforeEach(startFakes)

afterEach(() => {
    client.close()
    stopFakes()
})

async function open(token, options = {}) {
    client = new SseClient({ token, ...options })
    await settle()
}

async function expire() {
    FakeSource.last.connect()
    FakeSource.last.say('sse.goaway', { reason: 'expiring' })
    await settle()
}

test('when the token ends and there is only the same one, or none, it is asked for later, and the stream stays', async () => {
    const tokens = ['a', 'a', null, 'b']
    await open(() => tokens.shift())
    await expire()
    assert.deepEqual([tokens.length, FakeSource.all.length], [2, 1])
    await pass(4_900)
    assert.equal(tokens.length, 2)
    await pass(5_200)
    assert.deepEqual([tokens.length, FakeSource.all.length], [1, 1])
    await pass(10_100)
    assert.deepEqual([tokens.length, FakeSource.all.length], [0, 2])
})

test('a token that comes after the logout is not sent', async () => {
    let give
    await open(() => new Promise(resolve => give = resolve))
    client.close({ forget: true })
    give('late')
    await settle()
    assert.deepEqual([asked.length, FakeSource.all.length], [0, 0])
})

test('a slow hook is waited for, and called once', async () => {
    let calls = 0
    let give
    const stalls = []
    await open(() => (calls++, new Promise(resolve => give = resolve)))
    client.on('sse.stalled', event => stalls.push(event))
    for (let i = 0; i < 10; i++) {
        await pass(10_000)
    }
    assert.deepEqual([calls, stalls.length], [1, 0])
    give('token')
    await settle()
    assert.deepEqual([asked.length, FakeSource.all.length], [1, 1])
})

test('the hook is not called while it is asked, but reconnect() asks for the changed token', async () => {
    const given = []
    await open(() => new Promise(resolve => given.push(resolve)))
    client.reconnect()
    await settle()
    given[0]('old')
    given[1]('new')
    await settle()
    assert.deepEqual(asked.map(each => each.headers.Authorization), ['Bearer new'])
    assert.equal(FakeSource.all.length, 1)
})

test('a hook without an answer has no token', async () => {
    await open(() => undefined)
    assert.deepEqual([asked.length, FakeSource.all.length], [0, 1])
})
