// The clients for scripts, each by itself and with what docs/clients.md shows. In Node.js and in a browser.
import { ReopeningEventSource } from './reopening-event-source.js'
import { resumingFetch } from './resuming-fetch.js'

const types = ['message', 'connected', 'number', 'everyone', 'to.user', 'to.client', 'to.group',
  'sse.reset', 'sse.goaway', 'sse.heartbeat', 'sse.unread']

/** Opens a stream with EventSource, or with a class like it; returns what closes it. */
export function eventSource(EventSource, level, url, tell) {
  if (level === 'APPLICATION') {
    const stream = new ReopeningEventSource(EventSource, url, types, 9000, tell.event, tell.ended)
    return () => stream.close()
  }
  const source = new EventSource(url)
  for (const type of types) {
    source.addEventListener(type, event => tell.event(event.type, event.lastEventId, event.data))
  }
  source.onerror = () => {
    if (source.readyState === EventSource.CLOSED) tell.ended('closed')
  }
  return () => source.close()
}

/** Opens a stream with @microsoft/fetch-event-source; returns what closes it. */
export function fetchStream(fetchEventSource, level, url, tell) {
  const controller = new AbortController()
  if (level === 'APPLICATION') {
    resumingFetch(fetchEventSource, url, 9000, controller.signal, tell.event, tell.ended)
  } else {
    fetchEventSource(url, {
      signal: controller.signal,
      onmessage: message => tell.event(message.event, message.id, message.data),
    }).then(() => tell.ended('resolved'), error => tell.ended(String(error)))
  }
  return () => controller.abort()
}
