// Calls of the node's HTTP API, and the token that they need in mode jwt. This tab keeps it; cookies do not count in these calls.

const BASE = '/api/v1/sse'
const KEY = 'sse-console.token'
const TIMEOUT = 12_000

/** "token": it was set or removed. "unauthorized": a call was refused for want of a good one. */
export const changes = new EventTarget()

let token = (() => { try { return sessionStorage.getItem(KEY) } catch { return null } })()

export const currentToken = () => token

export function setToken(value) {
  const isForgotten = token !== null && !value
  token = value || null
  try {
    if (token) sessionStorage.setItem(KEY, token)
    else sessionStorage.removeItem(KEY)
  } catch { /* then it ends with the page */ }
  changes.dispatchEvent(new Event('token'))
  if (isForgotten) endSession()
}

let ending = Promise.resolve()

/** Takes the cookie back that a scenario's stream needs. It is sent even if the page goes away. */
export function endSession() {
  const options = { method: 'DELETE', keepalive: true, signal: AbortSignal.timeout(TIMEOUT) }
  ending = Promise.allSettled([ending, fetch(BASE + '/session', options)])
}

/** The token for a stream with a cookie: not while an earlier cookie is being removed, which would remove the new one, too. */
export async function sessionToken() {
  await ending
  return token
}

export const authorization = () => token ? { Authorization: 'Bearer ' + token } : {}

export function unauthorized() {
  changes.dispatchEvent(new Event('unauthorized'))
}

/** Where a call goes: the path below the API's base with its query. */
export function address(path, query = {}) {
  const parameters = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) if (value !== '' && value != null && value !== false) parameters.append(name, value)
  const text = parameters.toString()
  return BASE + path + (text ? '?' + text : '')
}

export const get = (path, query) => call('GET', address(path, query))
export const post = (path, body = {}, headers = {}) => call('POST', address(path), body, headers)

/**
 * Answers {ok, status, data, next, problem, retryAfter, replayed}. Status 0: there was no answer, reason says why, and isUncertain whether
 * something may have been changed all the same. Never throws.
 */
async function call(method, url, body, headers = {}) {
  const options = {
    method, headers: { Accept: 'application/json', ...authorization(), ...headers }, credentials: 'omit', signal: AbortSignal.timeout(TIMEOUT),
  }
  if (body !== undefined) {
    options.headers['Content-Type'] = 'application/json'
    options.body = typeof body === 'string' ? body : JSON.stringify(body)
  }
  try {
    return await read(await fetch(url, options))
  } catch (failure) {
    return { ok: false, status: 0, isUncertain: method !== 'GET', reason: failure.name === 'TimeoutError'
      ? 'Within 12 s. Browsers open six connections to a host over HTTP/1.1: close some streams, here or in other tabs.'
      : 'It is away, or the network is.' }
  }
}

async function read(response) {
  const json = response.ok ? await response.json() : await response.json().catch(() => null) // an answer that is cut off is none
  if (response.status === 401) unauthorized()
  return {
    ok: response.ok,
    status: response.status,
    data: response.ok ? json?.data : undefined,
    next: json?.next ?? null,
    json,
    problem: response.ok ? null : json,
    retryAfter: response.headers.get('Retry-After'),
    replayed: response.headers.get('Idempotency-Replayed') === 'true',
  }
}
