// Elements are made here, and only of text: nothing that comes from a server is ever markup.

export const $ = (selector, root = document) => root.querySelector(selector)

/** An element; children are elements or text. Properties that begin with "on" are listeners. */
export function h(name, properties = {}, ...children) {
  const element = document.createElement(name)
  for (const [key, value] of Object.entries(properties)) {
    if (key.startsWith('on')) element.addEventListener(key.slice(2), value)
    else if (value === true) element.setAttribute(key, '')
    else if (value !== false && value != null) element.setAttribute(key, value)
  }
  element.append(...children.filter(child => child != null && child !== false).map(child => child instanceof Node ? child : String(child)))
  return element
}

export function replace(element, ...children) {
  element.replaceChildren(...children.filter(child => child != null && child !== false))
}

const SVG = 'http://www.w3.org/2000/svg'

export function svg(name, attributes = {}, ...children) {
  const element = document.createElementNS(SVG, name)
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value)
  element.append(...children)
  return element
}

/** Has a screen reader say it, but not more often than every two seconds. */
let last = 0
let waiting = null
export function announce(text) {
  clearTimeout(waiting)
  waiting = setTimeout(() => {
    last = Date.now()
    $('#announcer').textContent = text
  }, Math.max(0, last + 2000 - Date.now()))
}

export const clock = time => time.toLocaleTimeString([], { hour12: false }) + '.' + String(time.getMilliseconds()).padStart(3, '0')

export function duration(seconds) {
  if (seconds < 1) return Math.round(seconds * 1000) + ' ms'
  if (seconds < 60) return Math.round(seconds) + ' s'
  if (seconds < 3600) return Math.floor(seconds / 60) + ' min'
  if (seconds < 86400) return Math.floor(seconds / 3600) + ' h ' + Math.floor(seconds % 3600 / 60) + ' min'
  return Math.floor(seconds / 86400) + ' d ' + Math.floor(seconds % 86400 / 3600) + ' h'
}

export function ago(date) {
  const seconds = (Date.now() - new Date(date)) / 1000
  return seconds < 2 ? 'just now' : duration(seconds) + ' ago'
}

export const number = value => value == null ? '–' : Number(value).toLocaleString('en')

export const rate = value => value == null ? '–' : value < 10 ? value.toFixed(1).replace('.0', '') : number(Math.round(value))

export const plural = (count, one, many = one + 's') => number(count) + ' ' + (count === 1 ? one : many)

export const priorityName = priority => ['normal', 'high', 'urgent'][priority] ?? String(priority)

/** A message in words, good or bad. */
export function notice(kind, title, ...details) {
  return h('div', { class: 'notice ' + kind }, h('strong', {}, title), ...details.filter(Boolean).map(detail => detail instanceof Node ? detail : h('p', {}, detail)))
}

const UNCERTAIN = 'It may have been done or not. To send something once only, repeat it with the same idempotency key.'

/** The problem that a call was answered with, in words. */
export function problem(answer) {
  const { problem: found, status } = answer
  if (status === 0) return notice('bad', 'The node did not answer', answer.reason, answer.isUncertain && UNCERTAIN)
  const errors = found?.errors?.length ? h('ul', {}, ...found.errors.map(error => h('li', {}, h('code', {}, error.field), ' ' + error.message))) : null
  const outcome = { not_sent: 'Nothing was sent.', unknown: 'It may have been sent or not: repeat it with the same idempotency key.' }[found?.outcome]
  return notice('bad', found?.title ?? 'Status ' + status, found?.detail, errors, outcome,
    answer.retryAfter && `Try again in ${answer.retryAfter} s.`)
}
