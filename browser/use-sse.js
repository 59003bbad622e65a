import { useEffect, useState } from 'react'
import { SseClient } from './sse-client.js'

const NOTHING = { data: null, isConnected: false, event: null }
const USUAL_TYPES = ['message', 'notification']
const LINGER = 1_000 // strict mode, and a change of pages, give a stream up and want it back at once

const streams = new Map()

/** See use-sse.d.ts. */
export function useSSE(userId, group, options = {}) {
    const { token, types = USUAL_TYPES, ...rest } = options
    const groups = group == null ? [] : [group].flat()
    const key = JSON.stringify([userId ?? null, groups, Object.entries(rest).sort(), token !== undefined])
    const wanted = [...types].sort().join(' ') // a type has no blank
    const [result, setResult] = useState({ ...NOTHING, key })
    useEffect(() => {
        const stream = acquire(key, () => ({ ...rest, token, user: userId ?? undefined, groups }))
        setResult({ key, ...stream.last(wanted.split(' ')) })
        const update = part => setResult(before => ({ ...(before.key === key ? before : NOTHING), ...part, key }))
        const stop = [
            stream.client.on('sse.state', ({ data }) => update({ isConnected: data.state === 'open' })),
            ...wanted.split(' ').map(type => stream.client.on(type, event => update({ data: event.data, event }))),
        ]
        return () => {
            stop.forEach(each => each())
            release(key, stream)
        }
    }, [key, wanted])
    const { data, isConnected, event } = result.key === key ? result : NOTHING
    return { data, isConnected, event }
}

function acquire(key, options) {
    if (!streams.has(key)) {
        streams.set(key, new SharedStream(options()))
    }
    const stream = streams.get(key)
    clearTimeout(stream.end)
    stream.users++
    return stream
}

function release(key, stream) {
    stream.users--
    if (stream.users === 0) {
        stream.end = setTimeout(() => {
            streams.delete(key)
            stream.client.close()
        }, LINGER)
    }
}

/** One client and what it brought last, for components that come later. */
class SharedStream {

    users = 0
    end = undefined
    #events = new Map()

    constructor(options) {
        this.client = new SseClient(options)
    }

    last(types) {
        types.forEach(type => this.#remember(type))
        const event = types.map(type => this.#events.get(type)).filter(Boolean)
            .reduce((a, b) => (a && a.order > b.order ? a : b), null)?.event ?? null
        return { data: event?.data ?? null, isConnected: this.client.state === 'open', event }
    }

    #remember(type) {
        if (!this.#events.has(type)) {
            this.#events.set(type, null)
            this.client.on(type, event => this.#events.set(type, { event, order: performance.now() }))
        }
    }
}
