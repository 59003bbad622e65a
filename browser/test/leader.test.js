import assert from 'node:assert/strict'
import { beforeEach, test } from 'node:test'
import { isAtLeast } from '../sse-cursor.js'
import { Leader } from '../sse-leader.js'
import { RecentEvents } from '../sse-recent.js'

let posted
let opened // where the stream began, each time
let receiver // of the stream
let tab
let leader

beforeEach(() => {
    posted = []
    opened = []
    const recent = new RecentEvents()
    const cursor = { value: '100' }
    recent.deliveredTo('100')
    const take = (type, id, data) => {
        if (type === 't') {
            recent.add({ type, id, data })
        }
        cursor.value = type === 'sse.reset' || isAtLeast(id, cursor.value) ? id : cursor.value
    }
    tab = { post: message => posted.push(message), take, cursor, recent, last: {}, receiver: { state() {}, own() {}, isOurs: () => true } }
    leader = new Leader(tab, newStream, [])
    leader.open()
    connect()
})

function newStream(relay) {
    receiver = relay
    return { open: () => opened.push(relay.cursor()), listen() {}, close() {} }
}

function connect() {
    receiver.event('connected', receiver.cursor(), '{}')
}

function send(...ids) {
    ids.forEach(id => receiver.event('t', id, '0'))
}

function welcomeOf(name, cursor) {
    leader.welcome(name, cursor)
    return posted.findLast(message => message.kind === 'welcome' && message.to === name)
}

test('a tab at a cursor with positions is taken back to, as one at a plain cursor is', () => {
    send('110')
    assert.deepEqual(welcomeOf('b', '90~80-80-90').missed, [])
    assert.deepEqual(opened, ['100', '90~80-80-90'])
    connect()
    send('85')
    assert.deepEqual(welcomeOf('c', '90~80-80-90').missed.map(event => event.id), ['85'])
    assert.equal(opened.length, 2)
})

test('a stream that was taken back and is cut off goes on from where it was until it has caught up', () => {
    send('110')
    welcomeOf('b', '80')
    connect()
    send('85')
    assert.equal(receiver.cursor(), '85')
    connect()
    send('110~85-85-110')
    assert.equal(receiver.cursor(), '110~85-85-110')
    send('90', '110')
    assert.equal(receiver.cursor(), '110')
    send('120')
    assert.equal(receiver.cursor(), '120')
})

test('when the server does not keep what one tab has missed, that tab alone is told', () => {
    send('110')
    welcomeOf('b', '80')
    posted.length = 0
    receiver.event('sse.reset', '50', '{"reason":"too-old"}')
    assert.deepEqual(posted, [{ kind: 'reset', to: ['b'], cursor: '110', data: '{"reason":"too-old"}' }])
    assert.deepEqual(opened, ['100', '80', '110'])
    connect()
    assert.equal(tab.cursor.value, '110')
})

test('whoever waits for the same events is told, too', () => {
    send('110')
    welcomeOf('b', '80')
    connect()
    receiver.state('open')
    send('85')
    welcomeOf('c', '82')
    welcomeOf('d', '110')
    receiver.state('waiting')
    receiver.event('sse.reset', '50', '{}')
    assert.deepEqual(posted.at(-1).to, ['b', 'c'])
})

test('a gap in the stream is told to all', () => {
    send('110')
    welcomeOf('b', '80')
    connect()
    send('110')
    receiver.state('waiting')
    receiver.event('sse.reset', '50', '{}')
    assert.deepEqual(posted.at(-1), { kind: 'event', type: 'sse.reset', id: '50', data: '{}' })
    assert.equal(opened.length, 2)
})
