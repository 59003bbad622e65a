import { createServer } from 'node:http'

/** Serves a page and its script, and streams in the server's format; counts them. Loopback only, a free port. */
export class StreamServer {

    opened = 0
    heartbeat = 30_000
    #sent = []
    #streams = new Map() // open answers and what they asked for
    #id = Date.now() * 1000
    #server

    static async start(script) {
        const server = new StreamServer()
        server.#server = createServer((request, response) => server.#answer(request, response, script))
        await new Promise(resolve => server.#server.listen(0, '127.0.0.1', resolve))
        return server
    }

    get origin() {
        return `http://127.0.0.1:${this.#server.address().port}`
    }

    get open() {
        return [...this.#streams.values()]
    }

    #answer(request, response, script) {
        const url = new URL(request.url, this.origin)
        if (url.pathname === '/api/v1/sse/stream') {
            this.#stream(url.searchParams, request.headers['last-event-id'] ?? url.searchParams.get('last_event_id'), response)
        } else if (url.pathname === '/page.js') {
            response.writeHead(200, { 'Content-Type': 'text/javascript' }).end(script)
        } else {
            response.writeHead(200, { 'Content-Type': 'text/html' }).end('<div id="root"></div><script type="module" src="/page.js"></script>')
        }
    }

    #stream(query, cursor, response) {
        this.opened++
        const user = query.get('user_id')
        const connected = { client_id: 'c', connection_id: 'k', user_id: user, groups: query.getAll('group'), node: 'n',
            heartbeat_ms: this.heartbeat, resumed: cursor !== null, replay: 'complete' }
        response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store', 'Connection': 'close' })
        response.write(`retry: 200\n`)
        write(response, 'connected', cursor ?? this.#id, connected)
        this.#sent.filter(event => event.user === user && event.id > Number(cursor ?? this.#id))
            .forEach(event => write(response, event.type, event.id, event.data))
        const timer = setInterval(() => write(response, 'sse.heartbeat', this.#id, {}), this.heartbeat)
        this.#streams.set(response, { user, groups: query.getAll('group') })
        response.on('close', () => {
            clearInterval(timer)
            this.#streams.delete(response)
        })
    }

    send(user, type, data) {
        this.#id++
        this.#sent.push({ user, type, data, id: this.#id })
        for (const [response, stream] of this.#streams) {
            if (stream.user === user) {
                write(response, type, this.#id, data)
            }
        }
    }

    cut() {
        this.#streams.forEach((_, response) => response.destroy())
    }

    async stop() {
        this.#server.close()
        this.#server.closeAllConnections()
    }
}

function write(response, type, id, data) {
    response.write(`event: ${type}\nid: ${id}\ndata: ${JSON.stringify(data)}\n\n`)
}
