// Plays scenarios: one at a time, each with a stream of the browser client and sends of its own.

import { SseClient } from '/sse-client.js'
import { $, announce, clock, h, notice, problem, replace } from './dom.js'
import { changes, currentToken, endSession, post, sessionToken, unauthorized } from './api.js'
import { FULL, takeConnection } from './connections.js'
import notifications from './scenario-notifications.js'
import progress from './scenario-progress.js'
import ranking from './scenario-ranking.js'
import operations from './scenario-operations.js'

const SCENARIOS = [notifications, progress, ranking, operations]

let playing = null

addEventListener('pagehide', () => playing?.stop())
changes.addEventListener('token', () => playing?.stop()) // it plays as somebody else, or as nobody

replace($('#scenario-list'), ...SCENARIOS.map(card))

function card(scenario) {
  return h('li', { class: 'card', 'data-scenario': scenario.id },
    h('h2', {}, scenario.title),
    h('p', {}, scenario.text),
    h('button', { type: 'button', class: 'primary', 'aria-label': 'Play: ' + scenario.title, onclick: () => play(scenario) }, 'Play'))
}

/** What a scenario can do. Everything it has opened is closed when it ends, however it does. */
class Run {
  #abort = new AbortController()
  #endings = []
  #hasSession = false
  steps = h('ol', { class: 'steps', 'aria-label': 'What happens' })
  speed = 1

  get isOver() {
    return this.#abort.signal.aborted
  }

  /** Says what happens. */
  step(text) {
    this.steps.append(h('li', {}, h('time', {}, clock(new Date()).slice(0, 8)), ' ', text))
    this.steps.scrollTop = this.steps.scrollHeight
    announce(text)
  }

  /** Waits, unless it is over: then nothing follows. */
  pause(millis) {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(resolve, millis / this.speed)
      this.#abort.signal.addEventListener('abort', () => {
        clearTimeout(timer)
        reject(new Stopped())
      })
      if (this.isOver) reject(new Stopped())
    })
  }

  /**
   * Opens a stream and waits until it is there.
   *
   * @param listen told the client before anything comes
   */
  async open(options, listen) {
    const release = takeConnection()
    if (!release) throw new Failed(notice('bad', 'No connection left', FULL))
    const client = new SseClient({ ...options, ...(currentToken() ? { token: () => this.#token() } : {}) })
    const end = how => {
      client.close(how)
      release()
    }
    this.#endings.push(() => end({ forget: true }))
    listen(client)
    await this.#connected(client)
    return end
  }

  /** Null when it is over: the cookie that it leads to would stay. */
  async #token() {
    this.#hasSession = true
    const token = await sessionToken()
    return this.isOver ? null : token
  }

  #connected(client) {
    return new Promise((resolve, reject) => {
      client.on('connected', resolve)
      client.on('sse.stalled', () => this.step('The stream is silent, or was not there in time. It is opened again.'))
      client.on('sse.refused', ({ data }) => this.#refused(data, reject))
      this.#abort.signal.addEventListener('abort', () => reject(new Stopped()))
    })
  }

  /** Without a good token there is nothing to wait for. */
  #refused({ status, title, detail, final, retryMs }, reject) {
    if (retryMs === 0) return
    if (status === 401) unauthorized()
    if (final || status === 401) reject(new Failed(notice('bad', title || 'The stream was refused', detail)))
    else this.step(`The stream was refused: ${title}. It tries again in ${Math.ceil(retryMs / 1000)} s.`)
  }

  async send(path, body) {
    if (this.isOver) throw new Stopped()
    const answer = await post(path, body)
    if (!answer.ok) throw new Failed(problem(answer))
    return answer.data
  }

  stop() {
    this.#abort.abort()
    this.#endings.splice(0).forEach(end => end())
    if (this.#hasSession) endSession()
    this.#hasSession = false
  }
}

class Stopped extends Error {}

class Failed extends Error {
  constructor(notice) {
    super('refused')
    this.notice = notice
  }
}

const hex = () => Array.from(crypto.getRandomValues(new Uint8Array(2)), byte => byte.toString(16).padStart(2, '0')).join('')

async function play(scenario) {
  playing?.stop()
  const run = playing = new Run()
  const name = `demo-${hex()}`
  const stage = h('div', { class: 'card scene' })
  showStage(scenario, run, stage, name)
  try {
    await scenario.play(run, stage, name)
    run.step('The end.')
  } catch (failure) {
    if (failure instanceof Failed) stage.prepend(failure.notice)
    else if (!(failure instanceof Stopped)) throw failure
  } finally {
    run.stop()
    end(run)
  }
}

function showStage(scenario, run, stage, name) {
  const speed = h('select', { id: 'speed', 'aria-label': 'Speed', onchange: () => { run.speed = Number(speed.value) } },
    ...[1, 2, 10].map(value => h('option', { value, selected: Number($('#speed')?.value ?? 1) === value }, value + '×')))
  run.speed = Number(speed.value)
  const stop = h('button', { id: 'stop', type: 'button', onclick: () => run.stop() }, 'Stop')
  const aside = h('div', { class: 'card' },
    h('div', { class: 'head' }, h('h2', {}, 'What happens'), speed, stop),
    run.steps,
    h('details', {}, h('summary', {}, 'How the page listens'), h('pre', { tabindex: 0 }, scenario.code(name))))
  replace($('#stage'), stage, aside)
  stage.prepend(h('h2', {}, scenario.title))
  $('#stage').hidden = false
  for (const each of document.querySelectorAll('#scenario-list > li')) {
    const isThis = each.dataset.scenario === scenario.id
    each.classList.toggle('playing', isThis)
    $('button', each).textContent = isThis ? 'Play again' : 'Play'
  }
  $('#stage').dataset.state = 'playing'
  $('#stage').scrollIntoView({ block: innerWidth > 900 ? 'nearest' : 'start', behavior: 'smooth' })
}

function end(run) {
  if (run !== playing) return
  playing = null
  $('#stage').dataset.state = 'over'
  $('#stop').disabled = true
}
