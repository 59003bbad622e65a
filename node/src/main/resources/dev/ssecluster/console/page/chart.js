// A small chart of the last minutes, drawn as SVG.

import { h, rate, svg } from './dom.js'

const WIDTH = 320
const HEIGHT = 84

/** One line over time. Any number of samples; the oldest go. */
export class Chart {
  #values = []
  #last = h('strong', {}, '–')
  #top = h('span', { class: 'max' })
  #area = svg('path', { class: 'area' })
  #line = svg('path', { class: 'line' })
  #picture

  constructor(title, { samples = 90, unit = '', tone = 'a', span = '', most = null } = {}) {
    this.title = title
    this.samples = samples
    this.unit = unit
    this.most = most
    this.#picture = svg('svg', { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: 'none', role: 'img', 'aria-label': title }, this.#area, this.#line)
    this.element = h('figure', { class: 'chart ' + tone },
      h('figcaption', {}, h('span', {}, title), this.#last),
      h('div', { class: 'plot' }, this.#picture, this.#top),
      span && h('div', { class: 'axis', 'aria-hidden': 'true' }, h('span', {}, span), h('span', {}, 'now')))
  }

  /** @param value null: not known now */
  add(value) {
    this.#values = [...this.#values, value].slice(-this.samples)
    this.#last.textContent = rate(value) + (value == null ? '' : this.unit)
    this.#draw()
  }

  #draw() {
    const most = this.most ?? Math.max(1, ...this.#values.map(value => value ?? 0))
    const step = WIDTH / (this.samples - 1)
    const from = WIDTH - (this.#values.length - 1) * step
    const points = this.#values.map((value, i) => value == null ? null : [from + i * step, HEIGHT - 3 - value / most * (HEIGHT - 10)])
    const known = points.filter(point => point !== null)
    this.#line.setAttribute('d', path(known))
    this.#area.setAttribute('d', known.length > 1 ? `${path(known)}L${known.at(-1)[0].toFixed(1)} ${HEIGHT}L${known[0][0].toFixed(1)} ${HEIGHT}Z` : '')
    this.#top.textContent = rate(most) + this.unit
    this.#picture.setAttribute('aria-label', `${this.title}: now ${this.#last.textContent}, at most ${this.#top.textContent}`)
  }
}

const path = points => points.map(([x, y], i) => (i ? 'L' : 'M') + x.toFixed(1) + ' ' + y.toFixed(1)).join('')
