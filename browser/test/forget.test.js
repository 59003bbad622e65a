import assert from 'node:assert/strict'
import { test } from 'node:test'
import { WantedTypes } from '../sse-types.js'

class FakeStorage {

    setItem(key, value) {
        this[key] = value
    }

    getItem(key) {
        return this[key] ?? null
    }

    removeItem(key) {
        delete this[key]
    }
}

test('the types of a stream are remembered until it is to be forgotten, others stay', () => {
    globalThis.localStorage = new FakeStorage()
    const wanted = new WantedTypes('a')
    wanted.remember('order')
    new WantedTypes('b').remember('alarm')
    assert.deepEqual([...new WantedTypes('a').all], ['order'])
    wanted.forget()
    assert.deepEqual(Object.keys(localStorage), ['sse-cluster:types:b:alarm'])
})
