import { SseClient, type SseState } from 'sse-cluster-client'
import { useSSE } from 'sse-cluster-client/react'

// What applications write must pass the compiler, and what is wrong must not.

interface Order { id: number }

const client = new SseClient<{ order: Order }>({
    url: 'https://push.example.com', user: '123', groups: ['a', 'b'], token: async () => 'token', shared: true, cursor: 'local',
})
const off: () => void = client.on('order', event => console.log(event.data.id.toFixed(), event.eventId, event.envelope?.priority))
client.on('connected', event => console.log(event.data.heartbeat_ms))
client.on('sse.state', ({ data }) => { const state: SseState = data.state; return state })
client.on('sse.refused', ({ data }) => data.final ? data.title : data.retryMs?.toFixed())
client.on('sse.reset', ({ data }) => data.reason)
client.close({ forget: true })
off()

const untyped = new SseClient()
untyped.on('anything', event => event.data.whatever)

// @ts-expect-error the type of the data is known
client.on('order', event => event.data.name)
// @ts-expect-error there is no such type
client.on('ordr', () => undefined)
// @ts-expect-error an EventSource's own
untyped.on('error', () => undefined)
new SseClient({ connectTimeout: undefined, types: undefined })
// @ts-expect-error there is no such option
new SseClient({ usr: '123' })
// @ts-expect-error no number
new SseClient({ cursor: 1 })
// @ts-expect-error only read
client.state = 'open'

export function Component() {
    const { data, isConnected } = useSSE<Order>('123', 'orders', { types: ['order'] })
    // @ts-expect-error it may be null
    data.id
    return isConnected ? data?.id : null
}
