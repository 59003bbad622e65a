// A user's stored messages, and how many of them are unread, live.

import { $, ago, h, number, plural, priorityName, problem, replace } from './dom.js'
import { address, changes, currentToken, get, post } from './api.js'
import { RawStream } from './reader.js'
import { FULL, takeConnection } from './connections.js'

const PAGE = 50
const form = $('#inbox-form')
const status = form.elements.status

let inbox = null

form.addEventListener('submit', event => {
  event.preventDefault()
  follow(form.elements.user_id.value.trim())
})
status.addEventListener('change', () => inbox?.load())

function follow(user) {
  leave()
  inbox = new Inbox(user)
  inbox.load()
}

function leave() {
  inbox?.close()
  inbox = null
  $('#badge').hidden = $('#inbox-unread').hidden = $('#read-all').hidden = $('#more-messages').hidden = true
  replace($('#inbox-answer'))
  replace($('#messages'))
}

/** What the page shows of one user. After its end it shows nothing more: late answers would stand under somebody else's name. */
class Inbox {
  #user
  #release
  #stream = null
  #isOver = false
  #isLoading = false
  #isStale = false // it was asked for again meanwhile
  #reloading = null
  #isCounted = false
  #list = { status: '', newest: '', next: null } // what is shown

  /** Watches the user's number. Without a backlog: looking at an inbox does not count as delivery. */
  constructor(user) {
    this.#user = user
    this.#release = takeConnection()
    if (!this.#release) return
    this.#stream = new RawStream(address('/stream', { user_id: user, unread: 'true', backlog: 'none' }), {
      onBlock: block => block.type === 'sse.unread' && this.#changed(JSON.parse(block.data).unread),
      onState: state => state === 'closed' && this.#release(),
    })
  }

  close() {
    this.#isOver = true
    clearTimeout(this.#reloading)
    this.#stream?.close()
  }

  #changed(unread) {
    this.#showUnread(unread)
    this.#reloading ??= setTimeout(() => {
      this.#reloading = null
      this.load()
    }, 80)
  }

  #showUnread(unread) {
    if (this.#isOver) return
    this.#isCounted = true
    const badge = $('#badge')
    badge.hidden = unread === 0
    badge.textContent = unread > 99 ? '99+' : unread
    badge.setAttribute('aria-label', plural(unread, 'unread message'))
    const words = unread === 1 ? ' unread message' : ' unread messages'
    replace($('#inbox-unread'), h('strong', {}, number(unread)), words, ' for ', h('strong', {}, this.#user))
    $('#inbox-unread').hidden = false
  }

  /** The first page anew, by one call at a time. */
  async load() {
    this.#isStale = true
    if (this.#isLoading) return
    this.#isLoading = true
    while (this.#isStale && !this.#isOver) {
      this.#isStale = false
      const wanted = status.value
      const answer = await this.#page(wanted, null)
      if (!this.#isOver && wanted === status.value) this.#show(answer, wanted)
    }
    this.#isLoading = false
    if (!this.#isOver && !this.#isCounted) await this.#count()
  }

  #page(wanted, before) {
    return get('/messages', { user_id: this.#user, status: wanted, before, limit: PAGE })
  }

  #show(answer, wanted) {
    replace($('#inbox-answer'), answer.ok ? this.#hint() : problem(answer))
    if (!answer.ok) return
    this.#list = { status: wanted, newest: answer.data[0]?.event_id ?? '', next: null }
    replace($('#messages'), answer.data.length === 0 && h('li', { class: 'empty' }, 'No messages. Send one to this user, and store it.'))
    this.#append(answer)
    $('#read-all').hidden = wanted !== '' || !this.#list.newest // it would mark those, too, that are not shown
  }

  #hint() {
    return this.#stream ? null : h('p', { class: 'hint' }, 'Not live: ' + FULL)
  }

  #append({ data, next }) {
    $('#messages').append(...data.map(found => message(found, () => this.#read({ event_id: found.event_id }))))
    this.#list.next = next
    $('#more-messages').hidden = !next
  }

  /** Where the stream does not tell. */
  async #count() {
    const answer = await get('/messages/unread', { user_id: this.#user })
    if (answer.ok && !this.#isCounted) this.#showUnread(answer.data.unread)
  }

  async older() {
    const list = this.#list
    const before = list.next
    const answer = await this.#page(list.status, before)
    if (this.#isOver || list !== this.#list || before !== list.next) return // they no longer follow on what is shown
    if (answer.ok) this.#append(answer)
    else replace($('#inbox-answer'), problem(answer))
  }

  readAll() {
    return this.#read({ up_to: this.#list.newest })
  }

  async #read(what) {
    const answer = await post('/messages/read', { user_id: this.#user, ...what })
    if (this.#isOver) return
    replace($('#inbox-answer'), answer.ok ? this.#hint() : problem(answer))
    if (!answer.ok) return
    this.#showUnread(answer.data.unread)
    await this.load()
  }

  get user() {
    return this.#user
  }
}

/** Which one it is becomes known a little after delivery. */
const STATUS = [['pending', 'No stream is known yet to have delivered it'], ['sent', 'A stream has delivered it'], ['read', 'Marked as read']]

function message(found, onread) {
  const button = found.status === 2 ? null
    : h('button', { type: 'button', class: 'small', onclick: onread }, 'Mark as read')
  return h('li', { class: found.status === 2 ? 'read' : 'new', 'data-id': found.event_id },
    h('div', { class: 'what' },
      h('p', {}, h('strong', {}, found.event_type), ' ',
        found.priority > 0 && h('span', { class: 'tag p' + found.priority }, priorityName(found.priority)), ' ',
        h('span', { class: 'tag s' + found.status, title: STATUS[found.status][1] }, STATUS[found.status][0]), ' ',
        h('time', { datetime: found.created_at, title: new Date(found.created_at).toLocaleString() }, ago(found.created_at))),
      h('pre', {}, JSON.stringify(found.data))),
    button)
}

$('#more-messages').addEventListener('click', () => inbox?.older())
$('#read-all').addEventListener('click', () => inbox?.readAll())

changes.addEventListener('token', () => {
  if (inbox && currentToken()) follow(inbox.user)
  else leave()
})
