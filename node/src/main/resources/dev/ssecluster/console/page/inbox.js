// A user's stored messages, and how many of them are unread, live.

import { $, ago, h, number, plural, priorityName, problem, replace } from './dom.js'
import { address, changes, get, post } from './api.js'
import { RawStream } from './reader.js'
import { FULL, takeConnection } from './connections.js'

const PAGE = 50
const form = $('#inbox-form')

let user = ''
let next = null
let newest = ''
let stream = null
let release = null
let reloading = null
let round = 0

form.addEventListener('submit', event => {
  event.preventDefault()
  follow(form.elements.user_id.value.trim())
})
form.elements.status.addEventListener('change', () => user && load())

/** Watches that user's number. Without a backlog: looking at an inbox does not count as delivery. */
function follow(name) {
  leave()
  user = name
  release = takeConnection()
  if (release) {
    stream = new RawStream(address('/stream', { user_id: user, unread: 'true', backlog: 'none' }), {
      onBlock: block => block.type === 'sse.unread' && changed(JSON.parse(block.data).unread),
      onState: state => state === 'closed' && release?.(),
    })
  }
  load().then(isLoaded => isLoaded && !stream && $('#inbox-answer').append(h('p', { class: 'hint' }, 'Not live: ' + FULL)))
}

function leave() {
  stream?.close()
  release?.()
  stream = release = null
}

function changed(unread) {
  showUnread(unread)
  clearTimeout(reloading)
  reloading = setTimeout(load, 80)
}

function showUnread(unread) {
  const badge = $('#badge')
  badge.hidden = unread === 0
  badge.textContent = unread > 99 ? '99+' : unread
  badge.setAttribute('aria-label', plural(unread, 'unread message'))
  replace($('#inbox-unread'), h('strong', {}, number(unread)), unread === 1 ? ' unread message' : ' unread messages', ' for ', h('strong', {}, user))
  $('#inbox-unread').hidden = false
}

/** The first page anew. */
async function load() {
  const mine = ++round
  const answer = await page(null)
  if (mine !== round) return false // it was asked for again meanwhile, perhaps somebody else's
  replace($('#inbox-answer'), answer.ok ? null : problem(answer))
  if (!answer.ok) return false
  newest = answer.data[0]?.event_id ?? ''
  replace($('#messages'), ...answer.data.map(message))
  if (answer.data.length === 0) replace($('#messages'), h('li', { class: 'empty' }, 'No messages. Send one to this user, and store it.'))
  more(answer)
  if ($('#inbox-unread').hidden) await count()
  return true
}

/** Where the stream does not tell. */
async function count() {
  const answer = await get('/messages/unread', { user_id: user })
  if (answer.ok) showUnread(answer.data.unread)
}

const page = before => get('/messages', { user_id: user, status: form.elements.status.value, before, limit: PAGE })

function more(answer) {
  next = answer.next
  $('#more-messages').hidden = !next
  $('#read-all').hidden = !newest
}

$('#more-messages').addEventListener('click', async () => {
  const answer = await page(next)
  if (!answer.ok) return replace($('#inbox-answer'), problem(answer))
  $('#messages').append(...answer.data.map(message))
  more(answer)
})

/** Which one it is becomes known a little after delivery. */
const STATUS = [['pending', 'No stream is known yet to have delivered it'], ['sent', 'A stream has delivered it'], ['read', 'Marked as read']]

function message(found) {
  const button = found.status === 2 ? null
    : h('button', { type: 'button', class: 'small', onclick: () => read({ event_id: found.event_id }) }, 'Mark as read')
  return h('li', { class: found.status === 2 ? 'read' : 'new', 'data-id': found.event_id },
    h('div', { class: 'what' },
      h('p', {}, h('strong', {}, found.event_type), ' ',
        found.priority > 0 && h('span', { class: 'tag p' + found.priority }, priorityName(found.priority)), ' ',
        h('span', { class: 'tag s' + found.status, title: STATUS[found.status][1] }, STATUS[found.status][0]), ' ',
        h('time', { datetime: found.created_at, title: new Date(found.created_at).toLocaleString() }, ago(found.created_at))),
      h('pre', {}, JSON.stringify(found.data))),
    button)
}

async function read(what) {
  const answer = await post('/messages/read', { user_id: user, ...what })
  replace($('#inbox-answer'), answer.ok ? null : problem(answer))
  if (!answer.ok) return
  showUnread(answer.data.unread)
  await load()
}

$('#read-all').addEventListener('click', () => read({ up_to: newest }))

changes.addEventListener('token', () => {
  if (user) follow(user)
})
