// Reads a stream with fetch. An EventSource shows only the event types that it is asked for; here everything is seen: unknown types,
// heartbeats that are comments, and what the server says before it closes. Format: the HTML standard, "Interpreting an event stream".

import { authorization, unauthorized } from './api.js'

const RETRY = 3000

/** Cuts text into blocks. Feed it pieces as they come. */
export class BlockParser {
  #rest = ''
  #block = empty()

  /** @param onBlock told {type, id, data, comment, retry}; what was not there is null */
  constructor(onBlock) {
    this.onBlock = onBlock
  }

  feed(text) {
    // A line ends with \r\n, \n or \r; a \r at the end of a piece may be half of the first.
    const lines = (this.#rest + text).split(/\r\n|\n|\r(?!$)/)
    this.#rest = lines.pop()
    lines.forEach(line => this.#line(line))
  }

  #line(line) {
    if (line === '') return this.#end()
    const colon = line.indexOf(':')
    const field = colon < 0 ? line : line.slice(0, colon)
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '')
    if (field === '') this.#block.comment = value
    else if (field === 'event') this.#block.type = value
    else if (field === 'id') this.#block.id = value
    else if (field === 'retry' && /^\d+$/.test(value)) this.#block.retry = Number(value)
    else if (field === 'data') this.#block.data = this.#block.data === null ? value : this.#block.data + '\n' + value
  }

  #end() {
    const block = this.#block
    this.#block = empty()
    if (Object.values(block).some(value => value !== null)) this.onBlock(block)
  }
}

const empty = () => ({ type: null, id: null, data: null, comment: null, retry: null })

/**
 * Those of a page that is left: a browser may keep it for the way back, with its streams open, and then they take the few connections
 * that there are. Whoever comes back gets the page anew.
 */
const open = new Set()
addEventListener('pagehide', () => open.forEach(stream => stream.close()))
addEventListener('pageshow', event => event.persisted && location.reload())

/** One stream that comes back by itself, as an EventSource does. */
export class RawStream {
  #abort = new AbortController()
  #retry = RETRY
  cursor = ''
  state = 'connecting'

  /**
   * @param url without a cursor
   * @param onBlock told each block
   * @param onState told the state, and in words why: connecting, open, waiting, closed
   */
  constructor(url, { cursor = '', onBlock, onState }) {
    this.url = url
    this.cursor = cursor
    this.onBlock = onBlock
    this.onState = onState
    open.add(this)
    this.#run()
  }

  close(why = 'You closed it.') {
    open.delete(this)
    this.#abort.abort()
    this.#become('closed', why)
  }

  get #closed() {
    return this.#abort.signal.aborted
  }

  #become(state, why = '') {
    if (this.state === 'closed') return
    if (state === 'closed') open.delete(this)
    this.state = state
    this.onState(state, why)
  }

  async #run() {
    while (!this.#closed) {
      const why = await this.#attempt().catch(() => 'The connection was lost.')
      if (this.#closed || this.state === 'closed') return
      this.#become('waiting', `${why} Back in ${(this.#retry / 1000).toFixed(1)} s.`)
      await new Promise(resolve => setTimeout(resolve, this.#retry))
      this.#become('connecting')
    }
  }

  async #attempt() {
    const cursor = this.cursor ? { 'Last-Event-ID': this.cursor } : {}
    const response = await fetch(this.url, {
      headers: { Accept: 'text/event-stream', ...cursor, ...authorization() }, credentials: 'omit', cache: 'no-store',
      signal: this.#abort.signal,
    })
    if (response.status !== 200) return this.#refused(response)
    await this.#read(response.body)
    return 'The server ended it.'
  }

  async #refused(response) {
    if (response.status === 401) unauthorized()
    const problem = await response.json().catch(() => null)
    if (response.status === 204) this.#become('closed', 'Disconnected for good (204): a browser does not come back.')
    else if (response.status < 500) this.#become('closed', problem?.detail ?? `Refused with status ${response.status}.`)
    return `The server answered ${response.status}.`
  }

  async #read(body) {
    const parser = new BlockParser(block => this.#block(block))
    const reader = body.pipeThrough(new TextDecoderStream()).getReader()
    for (;;) {
      const { value, done } = await reader.read()
      if (done) return
      parser.feed(value)
    }
  }

  #block(block) {
    if (block.retry !== null) this.#retry = block.retry
    if (block.id !== null) this.cursor = block.id
    if (block.type === 'connected') this.#become('open')
    if (!this.#closed) this.onBlock(block)
  }
}
