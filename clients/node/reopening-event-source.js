// snippet
// An EventSource that is opened anew when it has fallen silent, or has given up although the server did not say so for good.
export class ReopeningEventSource {
  // silence: milliseconds after which a connection is given up, more than two heartbeats
  constructor(EventSource, url, types, silence, event, ended) {
    Object.assign(this, { EventSource, url, types, silence, event, ended, cursor: '' })
    this.open()
  }

  address() {
    const address = new URL(this.url)
    address.searchParams.set('heartbeat', 'event') // a script does not see comments
    if (this.cursor) address.searchParams.set('last_event_id', this.cursor)
    return address
  }

  open() {
    this.source = new this.EventSource(this.address())
    for (const type of this.types) this.source.addEventListener(type, event => this.receive(event))
    this.source.onerror = () => {
      if (this.source.readyState === 2) this.explain() // 2: CLOSED; else it comes back by itself
    }
    this.watch()
  }

  receive(event) {
    this.watch()
    this.cursor = event.lastEventId || this.cursor
    this.event(event.type, this.cursor, event.data)
  }

  watch() {
    clearTimeout(this.timer)
    this.timer = setTimeout(() => {
      this.source.close()
      this.open()
    }, this.silence)
  }

  // EventSource does not say why it has given up; the same request with fetch does.
  async explain() {
    clearTimeout(this.timer)
    const controller = new AbortController()
    const response = await fetch(this.address(), { signal: controller.signal }).catch(() => ({ status: 0 }))
    controller.abort()
    if (this.closed) return
    if (response.status === 204 || (response.status >= 400 && response.status < 500)) {
      this.ended(`HTTP ${response.status}`)
    } else {
      const seconds = Number(response.headers?.get('retry-after') ?? 1 + Math.random())
      this.timer = setTimeout(() => this.open(), seconds * 1000)
    }
  }

  close() {
    this.closed = true
    clearTimeout(this.timer)
    this.source.close()
  }
}
