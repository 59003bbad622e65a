import { h, priorityName } from './dom.js'

/** A user's notifications, and what happens to those that come while the user is away. */
export default {
  id: 'notifications',
  title: 'Notifications',
  text: 'A shop tells a customer what happens to an order. What comes while the customer is away is kept, and arrives on return.',
  code: user => `const client = new SseClient({ user: '${user}', unread: true })
client.on('notification', event => show(event.data))
client.on('sse.unread', event => badge(event.data.unread))`,
  play,
}

const ORDER = [
  { title: 'Thank you for your order', text: 'We are packing it now.', priority: 0 },
  { title: 'Payment received', text: 'Your invoice is in the mail.', priority: 1 },
  { title: 'New sign-in', text: 'Was that you, in Lisbon?', priority: 2 },
]

const AWAY = [
  { title: 'Your parcel is on its way', text: 'It arrives tomorrow.', priority: 0 },
  { title: 'Your parcel is at the door', text: 'Nobody answered; it waits at number 7.', priority: 1 },
]

async function play(run, stage, user) {
  const badge = h('output', { class: 'badge', 'aria-label': 'unread notifications' }, '0')
  const list = h('ul', { class: 'toasts' })
  const page = h('div', { class: 'browser' }, h('div', { class: 'bar' }, h('span', {}, 'shop'), h('span', { class: 'bell' }, 'Notifications ', badge)), list)
  stage.append(page)
  let last = ''
  const listen = client => {
    client.on('notification', event => {
      last = event.id
      list.prepend(toast(event.data))
    })
    client.on('sse.unread', event => { badge.textContent = event.data.unread })
  }

  const leave = await run.open({ user, unread: true }, listen)
  run.step(`The customer's page opens a stream as user ${user}.`)
  for (const each of ORDER) {
    await run.pause(1100)
    await notify(run, user, each)
    run.step(`The shop sends “${each.title}”, ${priorityName(each.priority)}, stored.`)
  }

  await run.pause(1500)
  leave()
  page.classList.add('away')
  run.step('The customer closes the page.')
  for (const each of AWAY) {
    await run.pause(900)
    await notify(run, user, each)
    run.step(`The shop sends “${each.title}”. Nobody listens; it is kept.`)
  }

  await run.pause(1500)
  page.classList.remove('away')
  await run.open({ user, unread: true }, listen)
  run.step('The customer is back: what was missed arrives, in order, nothing twice.')
  await run.pause(2200)
  await run.send('/messages/read', { user_id: user, up_to: last })
  run.step('All are marked as read; the number goes to 0 on every device.')
  await run.pause(800)
}

function notify(run, user, { priority, ...data }) {
  return run.send('/send', { user_id: user, event_type: 'notification', data: { ...data, priority }, priority, persist: true, ttl: 3600 })
}

const toast = ({ title, text, priority }) =>
  h('li', { class: 'toast p' + priority }, h('strong', {}, title), h('p', {}, text))
