// The cluster as its nodes see it, and who is where.

import { $, ago, duration, h, notice, number, plural, problem, rate, replace } from './dom.js'
import { changes, get, post } from './api.js'
import { Chart } from './chart.js'

const POLL_MILLIS = 1500
const SPAN = { samples: 80, span: '2 min ago' }

const charts = {
  streams: new Chart('Streams open', { ...SPAN, tone: 'a' }),
  published: new Chart('Events published', { ...SPAN, unit: '/s', tone: 'b' }),
  delivered: new Chart('Events delivered', { ...SPAN, unit: '/s', tone: 'c' }),
}
replace($('#charts'), ...Object.values(charts).map(chart => chart.element))

// ---- polling, only while somebody looks

let timer = null
let round = 0
let isShown = false

export function visible(isVisible) {
  isShown = isVisible
  clearTimeout(timer)
  if (isShown) poll()
}

document.addEventListener('visibilitychange', () => visible(isShown))
changes.addEventListener('token', () => visible(isShown))

async function poll() {
  if (!isShown || document.hidden) return
  const mine = ++round
  const answer = await get('/info')
  if (mine !== round) return // another one has begun meanwhile
  replace($('#cluster-answer'), answer.ok ? null : problem(answer))
  if (answer.ok) show(answer.data)
  if (answer.status !== 403) timer = setTimeout(poll, POLL_MILLIS)
}

// ---- numbers

/** What a node last said: rates are between two answers of the same node, by its own clock. */
const known = new Map()

function rates(node) {
  const key = node.id + node.started_at
  const at = new Date(node.updated_at).getTime()
  const before = known.get(key)
  if (before && at <= before.at) return before
  const seconds = before ? (at - before.at) / 1000 : 0
  const now = {
    at, published: node.events_published, delivered: node.events_delivered,
    publishedRate: before ? (node.events_published - before.published) / seconds : null,
    deliveredRate: before ? (node.events_delivered - before.delivered) / seconds : null,
  }
  known.set(key, now)
  return now
}

const sum = (list, name) => list.some(each => each[name] != null) ? list.reduce((total, each) => total + (each[name] ?? 0), 0) : null

function show({ nodes, totals }) {
  const found = nodes.map(node => ({ ...node, ...pick(rates(node)) }))
  const published = sum(found, 'publishedRate')
  const delivered = sum(found, 'deliveredRate')
  replace($('#totals'), tile('Nodes', number(totals.nodes)), tile('Streams', number(totals.streams)), tile('Users online', number(totals.users)),
    tile('Groups', totals.groups == null ? 'many' : number(totals.groups)))
  charts.streams.add(totals.streams)
  charts.published.add(published)
  charts.delivered.add(delivered)
  replace($('#nodes'), ...found.map(nodeRow))
}

const pick = ({ publishedRate, deliveredRate }) => ({ publishedRate, deliveredRate })

const tile = (name, value) => h('div', {}, h('dt', {}, name), h('dd', {}, value))

function nodeRow(node) {
  const cell = value => h('td', { class: 'number' }, value)
  return h('tr', {},
    h('th', { scope: 'row' }, h('code', {}, node.id)), h('td', {}, node.address), h('td', {}, node.version), h('td', {}, duration(node.uptime_seconds)),
    cell(number(node.streams)), cell(number(node.users)), cell(number(node.groups)), cell(rate(node.publishedRate)), cell(rate(node.deliveredRate)))
}

// ---- who is there

const whoForm = $('#who-form')
const disconnectForm = $('#disconnect-form')
let found = null

whoForm.addEventListener('submit', event => {
  event.preventDefault()
  replace($('#disconnect-answer'))
  search()
})

async function search() {
  const name = whoForm.elements.name.value.trim()
  const isUser = whoForm.elements.kind.value === 'user'
  const answer = isUser ? await get('/users', { user_id: name }) : await get('/group', { group: name, limit: 100 })
  disconnectForm.hidden = !(answer.ok && isUser)
  found = answer.ok && isUser ? name : null
  replace($('#who'), !answer.ok ? problem(answer) : isUser ? presence(answer.data) : members(answer))
}

function presence(user) {
  const seen = user.last_seen && !user.online ? `, last seen ${ago(user.last_seen)}` : ''
  return h('div', {},
    h('p', {}, h('strong', {}, user.user_id), ' is ', h('span', { class: 'tag ' + (user.online ? 'on' : 's2') }, user.status), seen, '.'),
    user.connections.length > 0 && table(['Client id', 'Connection', 'Node', 'Groups', 'Since'],
      user.connections.map(each => [each.client_id, each.connection_id, each.node, each.groups.join(', '), ago(each.since)])))
}

function members({ data, next }) {
  const shown = next ? `; the first ${data.members.length} of them` : ''
  return h('div', {},
    h('p', {}, h('strong', {}, data.group), ' has ', plural(data.count, 'open stream'), shown, '.', !data.complete && ' A node has not answered.'),
    data.members.length > 0 && table(['User', 'Client id', 'Connection', 'Node', 'Since'],
      data.members.map(each => [each.user_id ?? 'anonymous', each.client_id, each.connection_id, each.node, ago(each.since)])))
}

function table(heads, rows) {
  return h('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': 'Connections' }, h('table', {},
    h('thead', {}, h('tr', {}, ...heads.map(head => h('th', { scope: 'col' }, head)))),
    h('tbody', {}, ...rows.map(row => h('tr', {}, ...row.map(cell => h('td', {}, cell)))))))
}

disconnectForm.addEventListener('submit', async event => {
  event.preventDefault()
  if (!found) return
  const { how, seconds } = disconnectForm.elements
  const body = { now: {}, block: { block_seconds: Number(seconds.value) }, final: { final: true } }[how.value]
  const answer = await post('/users/disconnect?' + new URLSearchParams({ user_id: found }), body)
  replace($('#disconnect-answer'), answer.ok ? disconnected(answer.data) : problem(answer))
  await search()
})

const disconnected = ({ closed, complete }) =>
  notice('good', `${plural(closed, 'stream')} of ${found} closed`, !complete && 'A node has not answered in time; there may be more.')

whoForm.addEventListener('change', event => {
  if (event.target.name !== 'kind') return
  const usual = { user: 'news', group: 'alice' }[event.target.value] // what stands there if nothing else was typed
  const name = whoForm.elements.name
  if (name.value === usual) name.value = usual === 'news' ? 'alice' : 'news'
})
