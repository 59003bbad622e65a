import { createServer } from 'node:http'

/** Serves a page and its script, and streams in the server's format; counts them. Loopback only, a free port. */
export class StreamServer {

    opened = 0
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
            this.#stream(url.searchParams, response)
        } else if (url.pathname === '/page.js') {
            response.writeHead(200, { 'Content-Type': 'text/javascript' }).end(script)
        } else {
            response.writeHead(200, { 'Content-Type': 'text/html' }).end('<div id="root"></div><script type="module" src="/page.js"></script>')
        }
    }

    #stream(query, response) {
        this.opened++
        const user = query.get('user_id')
        const connected = { client_id: 'c', connection_id: 'k', user_id: user, groups: query.getAll('group'), node: 'n', heartbeat_ms: 30_000,
            resumed: query.has('last_event_id'), replay: 'complete' }
        response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store', 'Connection': 'close' })
        response.write(`retry: 200\nevent: connected\nid: ${this.#id}\ndata: ${JSON.stringify(connected)}\n\n`)
        this.#streams.set(response, { user, groups: query.getAll('group') })
        response.on('close', () => this.#streams.delete(response))
    }

    send(user, type, data) {
        this.#id++
        for (const [response, stream] of this.#streams) {
            if (stream.user === user) {
                response.write(`event: ${type}\nid: ${this.#id}\ndata: ${JSON.stringify(data)}\n\n`)
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
