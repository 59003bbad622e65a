import { h } from './dom.js'

/** A long task that tells the one who asked how far it is. */
export default {
  id: 'progress',
  title: 'Progress of a long task',
  text: 'A report takes a while. The worker, on any machine, tells the one page that waits for it how far it is.',
  code: user => `const client = new SseClient({ user: '${user}' })
client.on('report.progress', event => bar.value = event.data.percent)
client.on('report.done', event => offer(event.data.file))`,
  play,
}

const STEPS = [
  { name: 'Read the orders', until: 35 },
  { name: 'Add up the months', until: 75 },
  { name: 'Write the file', until: 100 },
]

async function play(run, stage, user) {
  const bar = h('progress', { max: 100, value: 0, 'aria-label': 'Progress of the report' })
  const percent = h('strong', { class: 'percent' }, '0 %')
  const steps = STEPS.map(step => h('li', {}, step.name))
  const result = h('p', { class: 'result', 'aria-live': 'polite' }, 'The report is being made.')
  stage.append(h('div', { class: 'browser' }, h('div', { class: 'bar' }, h('span', {}, 'report')),
    h('div', { class: 'task' }, percent, bar, h('ul', { class: 'todo' }, ...steps), result)))

  await run.open({ user }, client => {
    client.on('report.progress', ({ data }) => {
      bar.value = data.percent
      percent.textContent = data.percent + ' %'
      steps.forEach((step, i) => { step.className = data.percent >= STEPS[i].until ? 'done' : i === data.step ? 'now' : '' })
    })
    client.on('report.done', ({ data }) => { result.textContent = `Ready: ${data.file}, ${data.rows} rows.` })
  })
  run.step(`The page opens a stream as user ${user} and asks for the report.`)

  let percentDone = 0
  for (const [i, step] of STEPS.entries()) {
    run.step(`The worker begins: ${step.name.toLowerCase()}.`)
    while (percentDone < step.until) {
      await run.pause(320)
      percentDone = Math.min(step.until, percentDone + 3 + Math.floor(Math.random() * 6))
      await run.send('/send', { user_id: user, event_type: 'report.progress', data: { percent: percentDone, step: i } })
    }
  }
  await run.send('/send', { user_id: user, event_type: 'report.done', data: { file: 'orders-2026.xlsx', rows: 48211 }, priority: 1, persist: true, ttl: 3600 })
  run.step('Done. The last event is stored, so it is there even if the page was closed meanwhile.')
  await run.pause(1200)
}
