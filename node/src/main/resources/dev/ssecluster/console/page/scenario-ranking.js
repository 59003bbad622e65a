import { h } from './dom.js'

/** A table that everybody of a group sees change. */
export default {
  id: 'ranking',
  title: 'Live rankings of a group',
  text: 'A quiz with many viewers. Each point is sent once, to the group; every viewer, on every node, sees the table move.',
  code: group => `const client = new SseClient({ groups: ['${group}'] })
client.on('score', event => table.set(event.data.player, event.data.points))`,
  play,
}

const PLAYERS = ['Ada', 'Brook', 'Chen', 'Dara', 'Eli', 'Femi']
const ROW = 44

async function play(run, stage, group) {
  const rows = new Map(PLAYERS.map(player => [player, row(player)]))
  const table = h('ol', { class: 'ranking', 'aria-label': 'Ranking' }, ...Array.from(rows.values(), each => each.element))
  table.style.height = PLAYERS.length * ROW + 'px'
  stage.append(h('div', { class: 'browser' }, h('div', { class: 'bar' }, h('span', {}, 'quiz')), table))
  arrange(rows)

  await run.open({ groups: [group], cursor: 'none' }, client => client.on('score', ({ data }) => {
    const found = rows.get(data.player)
    if (!found) return
    found.points = data.points
    arrange(rows)
  }))
  run.step(`A viewer's page opens a stream for the group ${group}.`)

  const points = new Map(PLAYERS.map(player => [player, 0]))
  run.step('Players answer. Each answer is one event to the group.')
  for (let i = 0; i < 30; i++) {
    await run.pause(330)
    const player = PLAYERS[Math.floor(Math.random() * PLAYERS.length)]
    points.set(player, points.get(player) + 10 * (1 + Math.floor(Math.random() * 5)))
    const { nodes } = await run.send('/send/group', { group, event_type: 'score', data: { player, points: points.get(player) } })
    if (i === 0) run.step(`The first one went to ${nodes === 1 ? 'one node, the one' : nodes + ' nodes, those'} with viewers. Others are not bothered.`)
  }
  await run.pause(800)
  const [winner] = [...points].sort((a, b) => b[1] - a[1])[0]
  run.step(`${winner} wins.`)
}

function row(player) {
  const bar = h('span', { class: 'bar-fill' })
  const points = h('strong', {}, '0')
  return { player, points: 0, bar, label: points, element: h('li', {}, h('span', { class: 'player' }, player), h('span', { class: 'bar-track' }, bar), points) }
}

function arrange(rows) {
  const sorted = [...rows.values()].sort((a, b) => b.points - a.points || a.player.localeCompare(b.player))
  const most = Math.max(1, sorted[0].points)
  sorted.forEach((each, place) => {
    each.element.style.transform = `translateY(${place * ROW}px)`
    each.element.dataset.place = place + 1
    each.bar.style.width = 100 * each.points / most + '%'
    each.label.textContent = each.points
  })
}
