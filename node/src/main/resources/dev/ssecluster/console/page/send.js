// The form that sends, and the same call for a terminal.

import { $, h, notice, plural, problem, replace } from './dom.js'
import { address, currentToken, post } from './api.js'

const form = $('#send-form')
const fields = form.elements

const TARGETS = {
  user_id: { path: '/send', name: 'User' },
  client_id: { path: '/send', name: 'Client id' },
  group: { path: '/send/group', name: 'Group' },
  broadcast: { path: '/broadcast', name: '' },
}

/** What is sent when one changes to another kind of target, if nothing else was typed. */
const USUAL = { user_id: 'alice', client_id: 'alice', group: 'news', broadcast: '' }

/** The body as text. The data go in as they were typed, so that numbers stay as they are. */
function body() {
  const target = fields.target.value
  const parts = []
  if (target !== 'broadcast') parts.push(member(target, fields.receiver.value.trim()))
  parts.push(member('event_type', fields.event_type.value.trim()), '"data":' + (fields.data.value.trim() || 'null'))
  if (fields.priority.value !== '0') parts.push('"priority":' + fields.priority.value)
  if (fields.persist.checked) parts.push('"persist":true')
  if (fields.ttl.value.trim()) parts.push('"ttl":' + ttl())
  return '{' + parts.join(',') + '}'
}

const member = (name, value) => JSON.stringify(name) + ':' + JSON.stringify(value)

/** What is no number is sent as it is, for the node to say what is wrong with it. */
function ttl() {
  const text = fields.ttl.value.trim()
  return /^\d+$/.test(text) ? text : JSON.stringify(text)
}

function headers() {
  const key = fields.key.value.trim()
  return key ? { 'Idempotency-Key': key } : {}
}

const path = () => TARGETS[fields.target.value].path

const quoted = text => "'" + text.replaceAll("'", "'\\''") + "'"

function curl() {
  const lines = ['curl ' + quoted(location.origin + address(path()))]
  if (currentToken()) lines.push('-H "Authorization: Bearer $TOKEN"')
  lines.push("-H 'Content-Type: application/json'")
  if (fields.key.value.trim()) lines.push('-H ' + quoted('Idempotency-Key: ' + fields.key.value.trim()))
  lines.push('-d ' + quoted(body()))
  return lines.join(' \\\n  ')
}

/** What is wrong with the data; empty: nothing. */
function fault() {
  try {
    JSON.parse(fields.data.value)
    return ''
  } catch (error) {
    return 'Not JSON yet: ' + error.message.replace(/^JSON\.parse: /, '')
  }
}

function update() {
  const target = fields.target.value
  $('#receiver').hidden = target === 'broadcast'
  $('#receiver-name').textContent = TARGETS[target].name
  $('#data-hint').textContent = fault()
  fields.data.setAttribute('aria-invalid', fault() !== '')
  $('#curl').textContent = curl()
}

let before = 'user_id'

form.addEventListener('change', event => {
  if (event.target.name !== 'target') return
  if (fields.receiver.value === USUAL[before]) fields.receiver.value = USUAL[event.target.value]
  before = event.target.value
  update()
})
form.addEventListener('input', update)

form.addEventListener('submit', async event => {
  event.preventDefault()
  const found = fault()
  if (found) {
    replace($('#send-answer'), notice('bad', 'Nothing was sent', found))
    return fields.data.focus()
  }
  const answer = await post(path(), body(), headers())
  replace($('#send-answer'), answer.ok ? sent(answer) : problem(answer))
})

function sent({ status, data, replayed, json }) {
  const title = replayed ? 'Sent before' : status === 202 ? 'Accepted' : data.persisted ? 'Sent and stored' : 'Sent'
  const who = data.nodes === 0 ? 'Nobody was listening' : plural(data.nodes, 'node') + ' had listeners'
  return notice('good', title,
    replayed && 'This key was used before: nothing was sent again, and this is the first answer.',
    who + (data.nodes === 0 && !data.persisted && status !== 202 ? ', and it is not stored: who comes with an older cursor within some minutes gets it, nobody else.' : '.'),
    status === 202 && 'The database is away or slow. Redis keeps the message until it can be stored.',
    h('details', {}, h('summary', {}, 'Event ', h('code', {}, data.event_id)), h('pre', {}, JSON.stringify(json, null, 2))))
}

$('#new-key').addEventListener('click', () => {
  fields.key.value = 'console-' + Array.from(crypto.getRandomValues(new Uint8Array(6)), byte => byte.toString(16).padStart(2, '0')).join('')
  update()
})

$('#copy-curl').hidden = !navigator.clipboard
$('#copy-curl').addEventListener('click', async () => {
  const isCopied = await navigator.clipboard.writeText($('#curl').textContent).then(() => true, () => false)
  $('#copy-curl').textContent = isCopied ? 'Copied' : 'Not allowed'
  setTimeout(() => { $('#copy-curl').textContent = 'Copy' }, 1500)
})

/** The token may have come or gone. */
export function visible(isVisible) {
  if (isVisible) update()
}
