import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isAtLeast, KeptCursor, latestOf } from '../sse-cursor.js'
import { RecentEvents } from '../sse-recent.js'

function event(id) {
    return { id, type: 't', data: '0' }
}

function ids(events) {
    return events && events.map(each => each.id)
}

test('cursors are compared by their three positions', () => {
    assert.ok(isAtLeast('20', '10'))
    assert.ok(isAtLeast('20', '20'))
    assert.ok(isAtLeast('20', ''))
    assert.ok(!isAtLeast('', '20'))
    assert.ok(!isAtLeast('30~10-10-30', '20'))
    assert.ok(isAtLeast('30~20-20-30', '20'))
    assert.ok(!isAtLeast('20', '30~20-20-30'))
})

test('an event is new once, whichever leader sends it and whatever its cursor says', () => {
    const recent = new RecentEvents()
    recent.beginAt('10')
    recent.deliveredTo('10')
    assert.ok(recent.add(event('30~10-10-30')))
    assert.ok(recent.add(event('20~20-10-30')))
    assert.ok(!recent.add(event('20')))
    assert.ok(!recent.add(event('30')))
    assert.ok(!recent.add(event('5')))
    assert.ok(recent.add(event('31')))
})

test('another tab gets what comes after its cursor, or learns that this is not known', () => {
    const recent = new RecentEvents()
    recent.beginAt('10')
    for (const id of ['30~10-10-30', '20~20-10-30', '40']) {
        recent.add(event(id))
    }
    assert.deepEqual(ids(recent.after('10')), ['30~10-10-30', '20~20-10-30', '40'])
    assert.deepEqual(ids(recent.after('30~10-10-30')), ['20~20-10-30', '40'])
    assert.deepEqual(ids(recent.after('35')), ['40'])
    assert.deepEqual(ids(recent.after('40')), [])
    assert.equal(recent.after('9'), null)
    assert.equal(recent.after('35~20-20-35'), null)
})

test('where two cursors are together', () => {
    assert.equal(latestOf('20', '10'), '20')
    assert.equal(latestOf('10', '20'), '20')
    assert.equal(latestOf('', '20'), '20')
    assert.equal(latestOf('20', ''), '20')
    assert.equal(latestOf('', ''), '')
    assert.equal(latestOf('30~10-10-30', '20'), '30~20-20-30')
})

test('after a gap nothing is complete, and lower ids are new again', () => {
    const recent = new RecentEvents()
    recent.beginAt('100')
    recent.deliveredTo('9999999999999999')
    recent.interrupt()
    assert.equal(recent.hasBegun, false)
    assert.equal(recent.after('100'), null)
    assert.ok(recent.add(event('101')))
})

test('what is kept is bounded, in number and in size', () => {
    const recent = new RecentEvents(3, 100)
    recent.beginAt('0')
    for (let i = 1; i <= 10; i++) {
        recent.add(event(String(i)))
    }
    assert.equal(recent.after('6'), null)
    assert.deepEqual(ids(recent.after('7')), ['8', '9', '10'])
    recent.add({ id: '11', type: 't', data: 'x'.repeat(1000) })
    assert.deepEqual(ids(recent.after('10')), ['11'])
    assert.equal(recent.after('9'), null)
})

test('a cursor without a storage lasts as long as its page', () => {
    const cursor = new KeptCursor('k', ['session'])
    cursor.moveTo('5')
    assert.equal(cursor.value, '5')
    assert.equal(new KeptCursor('k', ['session']).value, '')
})

test('a cursor is for its user alone', () => {
    const cursor = new KeptCursor('k', [])
    assert.ok(cursor.isOf('ann'))
    cursor.moveTo('5')
    assert.ok(cursor.isOf('ann'))
    assert.ok(!cursor.isOf('bob'))
    assert.equal(cursor.value, '')
})

test('where it began, nothing is missing, be that a cursor with positions', () => {
    const recent = new RecentEvents(2)
    recent.beginAt('30~10-10-30')
    assert.deepEqual(ids(recent.after('30~10-10-30')), [])
    recent.add(event('20~20-10-30'))
    recent.add(event('40'))
    assert.deepEqual(ids(recent.after('30~10-10-30')), ['20~20-10-30', '40'])
    recent.add(event('50'))
    assert.equal(recent.after('30~10-10-30'), null)
})
