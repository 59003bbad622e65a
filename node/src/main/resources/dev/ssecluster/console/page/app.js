// The page: which section is shown, the theme, the token.

import { $, announce } from './dom.js'
import { changes, currentToken, get, setToken } from './api.js'
import * as live from './live.js'
import * as send from './send.js'
import * as inbox from './inbox.js'
import * as subscriptions from './subscriptions.js'
import * as cluster from './cluster.js'
import * as scenarios from './scenarios.js'

const PARTS = { live: [live, send], inbox: [inbox], subscriptions: [subscriptions], cluster: [cluster], scenarios: [scenarios] }

// ---- sections

function shown() {
  const name = location.hash.slice(1).split('/')[0]
  return name in PARTS ? name : 'live'
}

function show() {
  const name = shown()
  for (const section of document.querySelectorAll('main > section')) section.hidden = section.id !== name
  for (const link of document.querySelectorAll('nav a')) {
    if (link.hash === '#' + name) link.setAttribute('aria-current', 'page')
    else link.removeAttribute('aria-current')
  }
  for (const [part, modules] of Object.entries(PARTS)) modules.forEach(module => module.visible?.(part === name))
  document.title = $(`#${name}-title`).textContent + ' · SSE Cluster'
}

addEventListener('hashchange', () => {
  show()
  $('#main').focus({ preventScroll: true })
  scrollTo(0, 0)
  announce($(`#${shown()}-title`).textContent)
})

$('.skip').addEventListener('click', event => {
  event.preventDefault()
  $('#main').focus()
})

// ---- theme

const THEMES = { auto: '◐ Auto', light: '○ Light', dark: '● Dark' }

function theme() {
  return document.documentElement.dataset.theme ?? 'auto'
}

function showTheme() {
  $('#theme-button').textContent = THEMES[theme()]
  $('#theme-button').setAttribute('aria-label', 'Theme: ' + theme())
}

$('#theme-button').addEventListener('click', () => {
  const names = Object.keys(THEMES)
  const next = names[(names.indexOf(theme()) + 1) % names.length]
  if (next === 'auto') delete document.documentElement.dataset.theme
  else document.documentElement.dataset.theme = next
  try { localStorage.setItem('sse-console.theme', next) } catch { /* then it is forgotten with the page */ }
  showTheme()
})

// ---- token

const dialog = $('#token-dialog')
const tokenForm = $('#token-form')

/** What a token says; only to show it, the node judges it. */
function claims(token) {
  try {
    const part = token.split('.')[1].replaceAll('-', '+').replaceAll('_', '/')
    return JSON.parse(new TextDecoder().decode(Uint8Array.from(atob(part), character => character.charCodeAt(0))))
  } catch {
    return null
  }
}

function describe(token) {
  const found = claims(token)
  if (!found) return token ? 'This is no JSON Web Token.' : ''
  const end = found.exp ? `until ${new Date(found.exp * 1000).toLocaleString()}` : 'without an end'
  const scope = [found.scope ?? found.scp ?? []].flat().join(' ')
  return `${found.sub ?? 'Nobody'}, ${scope ? 'may ' + scope : 'without a scope'}, ${end}.`
}

/** A terminal may have wrapped it. */
function entered() {
  return tokenForm.elements.token.value.replace(/\s+/g, '')
}

function askForToken(why) {
  if (dialog.open) return
  tokenForm.elements.token.value = ''
  $('#token-hint').textContent = why
  $('#token-forget').hidden = !currentToken()
  dialog.showModal()
}

function showToken() {
  const button = $('#token-button')
  button.hidden = !button.hidden ? false : !currentToken()
  button.textContent = currentToken() ? claims(currentToken())?.sub ?? 'Token' : 'No token'
}

let isPutOff = false // who has closed it knows where the button is

changes.addEventListener('unauthorized', () => {
  $('#token-button').hidden = false
  if (!isPutOff) askForToken(currentToken() ? 'The node does not accept the token that was used: it may have ended.' : '')
})
changes.addEventListener('token', showToken)
$('#token-button').addEventListener('click', () => askForToken(currentToken() ? 'In use: ' + describe(currentToken()) : ''))
dialog.addEventListener('cancel', () => { isPutOff = true })
$('#token-later').addEventListener('click', () => {
  isPutOff = true
  dialog.close()
})
$('#token-forget').addEventListener('click', () => {
  isPutOff = true
  setToken(null)
  dialog.close()
})
tokenForm.elements.token.addEventListener('input', () => { $('#token-hint').textContent = describe(entered()) })
tokenForm.addEventListener('submit', event => {
  if (/[^\x21-\x7e]/.test(entered())) {
    event.preventDefault() // no header can carry it
    return
  }
  isPutOff = false
  setToken(entered())
  tokenForm.elements.token.value = ''
})

showTheme()
showToken()
show()
get('/info') // the first call shows whether a token is needed
