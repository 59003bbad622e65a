// Streams that are open here, and everything that comes over them.

import { $, announce, clock, duration, h, plural, replace } from './dom.js'
import { address, changes, currentToken } from './api.js'
import { RawStream } from './reader.js'
import { FULL, takeConnection } from './connections.js'

const MOST_ROWS = 400
const OLD_MILLIS = 10_000

const form = $('#open-form')
const streams = new Map()
let made = 0

// ---- streams

form.addEventListener('submit', event => {
  event.preventDefault()
  open(Object.fromEntries(new FormData(form)))
})

function open(fields) {
  const release = takeConnection()
  $('#open-answer').textContent = release ? '' : FULL
  if (!release) return
  const number = ++made
  const { last_event_id: cursor = '', group, ...rest } = fields
  const query = {
    ...rest, group: group.split(',').map(name => name.trim()).filter(Boolean).join(','),
    unread: fields.unread && 'true', envelope: fields.envelope && 'true',
    heartbeat: fields.heartbeat && 'event', backlog: fields.backlog && 'none',
  }
  const entry = { number, release, name: label(fields), events: 0, row: null, stream: null, node: '' }
  streams.set(number, entry)
  entry.row = streamRow(entry)
  $('#streams').append(entry.row)
  entry.stream = new RawStream(address('/stream', query), {
    cursor: cursor.trim(), onBlock: block => arrived(entry, block), onState: (state, why) => changed(entry, state, why),
  })
  changed(entry, 'connecting', '')
}

function label({ user_id: user, id, group }) {
  const who = user.trim() || id.trim() || 'anonymous'
  const groups = group.split(',').map(name => name.trim()).filter(Boolean).join(', ')
  return groups ? `${who} · ${groups}` : who
}

function streamRow(entry) {
  const close = h('button', { type: 'button', class: 'quiet small', 'aria-label': `Close stream ${entry.number}, ${entry.name}`, onclick: () => remove(entry) }, 'Close')
  return h('li', { 'data-stream': entry.number },
    mark(entry.number),
    h('div', { class: 'what' }, h('strong', {}, entry.name), h('span', { class: 'state' })),
    h('span', { class: 'count' }), close)
}

const mark = number => h('span', { class: 'mark', 'data-color': (number - 1) % 6, title: 'Stream ' + number }, number)

function remove(entry) {
  entry.stream.close()
  entry.release()
  streams.delete(entry.number)
  entry.row.remove()
  showEmpty()
}

const STATES = { connecting: 'connecting', open: 'open', waiting: 'waiting', closed: 'closed' }

function changed(entry, state, why) {
  entry.row.dataset.state = state
  const node = state === 'open' && entry.node ? ` on node ${entry.node}` : ''
  $('.state', entry.row).textContent = STATES[state] + node + (why ? '. ' + why : '')
  if (state === 'closed') entry.release()
  if (state === 'waiting' || state === 'closed') note(entry, state, why)
  if (state !== 'connecting') announce(`Stream ${entry.number}, ${entry.name}: ${STATES[state]}`)
  showEmpty()
}

function showEmpty() {
  $('#no-streams').hidden = streams.size > 0
}

changes.addEventListener('token', () => {
  for (const entry of streams.values()) {
    if (entry.stream.state === 'closed') remove(entry)
    else if (!currentToken()) entry.stream.close('Its token was forgotten.')
  }
})

// ---- events

const KINDS = { 'sse.goaway': 'bad', 'sse.reset': 'warn', connected: 'own', 'sse.unread': 'own', 'sse.heartbeat': 'beat' }

function arrived(entry, block) {
  const isHeartbeat = block.data === null || block.type === 'sse.heartbeat'
  if (block.type === 'connected') {
    entry.node = node(block.data)
    changed(entry, 'open', '')
  }
  if (block.data === null && block.id === null && block.comment === null) return // only retry
  if (!isHeartbeat) entry.events++
  $('.count', entry.row).textContent = plural(entry.events, 'event')
  add({
    number: entry.number, time: new Date(), kind: isHeartbeat ? 'beat' : KINDS[block.type] ?? 'event',
    type: block.type ?? (block.data === null ? 'heartbeat' : 'message'), id: block.id ?? '', data: block.data ?? commentText(block), latency: latency(block),
  })
}

function node(data) {
  try { return JSON.parse(data).node } catch { return '' }
}

const commentText = block => block.comment ? ': ' + block.comment : ''

/** Ids are the microseconds at which an event was sent, by the clock of Redis. */
function latency(block) {
  const micros = Number(/^\d{15,16}/.exec(block.id ?? '')?.[0])
  const isSent = micros && block.data !== null && block.type !== 'connected' && !block.type?.startsWith('sse.')
  if (!isSent) return ''
  const millis = performance.timeOrigin + performance.now() - micros / 1000
  if (millis > OLD_MILLIS) return duration(millis / 1000) + ' old'
  return Math.max(0, millis).toFixed(millis < 10 ? 1 : 0) + ' ms'
}

function note(entry, state, why) {
  add({ number: entry.number, time: new Date(), kind: state === 'closed' ? 'bad' : 'warn', type: state, id: '', data: why, latency: '' })
}

// ---- the log. Rows are put in once for each frame, so that many events do not cost many layouts.

let waiting = []
let isPaused = false
let isScheduled = false
let unsaid = 0

function add(row) {
  waiting.push(row)
  if (waiting.length > 5 * MOST_ROWS) waiting = waiting.slice(-MOST_ROWS)
  if (row.kind === 'event') unsaid++
  if (isPaused) showPause()
  else schedule()
}

function schedule() {
  if (isScheduled) return
  isScheduled = true
  setTimeout(() => {
    isScheduled = false
    if (!isPaused) flush()
  }, 16)
}

function flush() {
  const log = $('#log')
  const rows = waiting.slice(-MOST_ROWS).reverse().map(logRow)
  waiting = []
  log.prepend(...rows)
  while (log.children.length > MOST_ROWS) log.lastChild.remove()
  showNothing()
  if (unsaid) announce(plural(unsaid, 'new event') + ', the last of type ' + ($('#log > .event .type')?.textContent ?? ''))
  unsaid = 0
}

function logRow(row) {
  const summary = h('summary', {},
    mark(row.number),
    h('time', { datetime: row.time.toISOString() }, clock(row.time)),
    h('span', { class: 'type' }, row.type),
    h('code', { class: 'data' }, row.data),
    h('span', { class: 'latency' }, row.latency))
  const item = h('li', { class: row.kind }, h('details', {}, summary, details(row)))
  item.hidden = !matches(item)
  return item
}

function details(row) {
  return h('div', { class: 'more' }, h('pre', {}, pretty(row.data)), row.id && h('p', {}, 'id ', h('code', { class: 'id' }, row.id)))
}

function pretty(text) {
  try { return JSON.stringify(JSON.parse(text), null, 2) } catch { return text }
}

function matches(item) {
  const text = $('#log-filter').value.trim().toLowerCase()
  const isBeat = item.classList.contains('beat')
  return (!isBeat || $('#show-heartbeats').checked) && (!text || item.textContent.toLowerCase().includes(text))
}

function filter() {
  for (const item of $('#log').children) item.hidden = !matches(item)
  showNothing()
}

function showNothing() {
  $('#no-events').hidden = $('#log').children.length > 0
}

function showPause() {
  const button = $('#log-pause')
  button.setAttribute('aria-pressed', isPaused)
  button.textContent = isPaused ? `Go on (${waiting.length})` : 'Pause'
}

$('#log-pause').addEventListener('click', () => {
  isPaused = !isPaused
  showPause()
  if (!isPaused) flush()
})
$('#log-clear').addEventListener('click', () => {
  waiting = []
  replace($('#log'))
  showNothing()
  showPause()
})
$('#log-filter').addEventListener('input', filter)
$('#show-heartbeats').addEventListener('change', filter)
