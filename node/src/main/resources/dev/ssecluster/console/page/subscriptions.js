// A user's subscriptions.

import { $, ago, h, notice, problem, replace } from './dom.js'
import { get, post } from './api.js'

const form = $('#subscriptions-form')
const subscribeForm = $('#subscribe-form')

const user = () => form.elements.user_id.value.trim()

form.addEventListener('submit', event => {
  event.preventDefault()
  replace($('#subscriptions-answer'))
  load()
})

async function load() {
  const answer = await get('/subscriptions', { user_id: user() })
  if (!answer.ok) {
    replace($('#subscription-list'))
    return replace($('#subscriptions-answer'), problem(answer))
  }
  replace($('#subscription-list'), ...(answer.data.length ? answer.data.map(row) : [h('li', { class: 'empty' }, `${user()} has no subscriptions.`)]))
}

function row({ group, event_types: types, status, created_at: since }) {
  return h('li', {},
    h('div', { class: 'what' },
      h('p', {}, h('strong', {}, group), ' ', status === 0 && h('span', { class: 'tag p1' }, 'disabled'), ' ', h('time', { datetime: since }, 'made ' + ago(since))),
      h('p', { class: 'hint' }, types?.length ? 'Only ' + types.join(', ') : 'All event types')),
    h('button', { type: 'button', class: 'small', 'aria-label': 'Unsubscribe from ' + group, onclick: () => unsubscribe(group) }, 'Unsubscribe'))
}

async function unsubscribe(group) {
  const answer = await post('/unsubscribe', { user_id: user(), group })
  replace($('#subscriptions-answer'), answer.ok ? notice('good', `${user()} has left ${group}`) : problem(answer))
  await load()
}

subscribeForm.addEventListener('submit', async event => {
  event.preventDefault()
  const group = subscribeForm.elements.group.value.trim()
  const types = subscribeForm.elements.event_types.value.split(',').map(type => type.trim()).filter(Boolean)
  const answer = await post('/subscribe', { user_id: user(), group, event_types: types })
  replace($('#subscribe-answer'), answer.ok ? notice('good', `${user()} follows ${group}`, 'On open streams, too, from now on.') : problem(answer))
  if (answer.ok) await load()
})

let isLoaded = false

export function visible(isVisible) {
  if (isVisible && !isLoaded) load()
  isLoaded ||= isVisible
}
