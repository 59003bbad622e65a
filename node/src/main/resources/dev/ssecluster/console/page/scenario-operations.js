import { h } from './dom.js'
import { Chart } from './chart.js'

/** Measurements that flow, and alerts that overtake them. */
export default {
  id: 'operations',
  title: 'Operations dashboard with alerts',
  text: 'Servers report their load all the time. When one is in trouble, an urgent alert overtakes what waits for a slow reader.',
  code: group => `const client = new SseClient({ groups: ['${group}'] })
client.on('load', event => charts[event.data.host].add(event.data.percent))
client.on('alert', event => raise(event.data)) // sent with priority 2, stored`,
  play,
}

const HOSTS = ['web-1', 'web-2', 'db-1']

async function play(run, stage, group) {
  const charts = new Map(HOSTS.map((host, i) => [host, new Chart(host, { samples: 40, unit: ' %', most: 100, tone: 'abc'[i] })]))
  const alerts = h('ul', { class: 'toasts', 'aria-label': 'Alerts' }, h('li', { class: 'empty' }, 'No alerts.'))
  stage.append(h('div', { class: 'browser' }, h('div', { class: 'bar' }, h('span', {}, 'operations')),
    h('div', { class: 'charts small' }, ...Array.from(charts.values(), chart => chart.element)), alerts))

  await run.open({ groups: [group], cursor: 'none' }, client => {
    client.on('load', ({ data }) => charts.get(data.host)?.add(data.percent))
    client.on('alert', ({ data }) => {
      if (alerts.firstChild?.className === 'empty') alerts.replaceChildren()
      alerts.prepend(h('li', { class: 'toast ' + (data.level === 'over' ? 'p0' : 'p2') }, h('strong', {}, `${data.host}: ${data.title}`), h('p', {}, data.text)))
    })
  })
  run.step(`The dashboard opens a stream for the group ${group}.`)
  run.step('Three servers report their load, twice a second.')

  const load = new Map(HOSTS.map(host => [host, 25 + Math.random() * 15]))
  for (let i = 0; i < 34; i++) {
    await run.pause(380)
    for (const host of HOSTS) load.set(host, next(load.get(host), host === 'db-1' && i > 10 && i < 24))
    await Promise.all(HOSTS.map(host => run.send('/send/group', { group, event_type: 'load', data: { host, percent: Math.round(load.get(host)) } })))
    if (i === 14) await alert(run, group, { level: 'urgent', host: 'db-1', title: 'load above 80 %', text: 'Queries wait. Look at the slow log.' })
    if (i === 29) await alert(run, group, { level: 'over', host: 'db-1', title: 'load is normal again', text: 'It took 6 minutes.' })
  }
}

const next = (value, isInTrouble) => Math.min(97, Math.max(12, value + (isInTrouble ? 9 : value > 50 ? -9 : 0) + (Math.random() - 0.5) * 8))

async function alert(run, group, data) {
  const priority = data.level === 'urgent' ? 2 : 0
  await run.send('/send/group', { group, event_type: 'alert', data, priority, persist: true, ttl: 3600 })
  run.step(`Alert: ${data.host}, ${data.title}.`)
}
