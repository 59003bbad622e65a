/** What a request with `fetch` is answered, in the words of `sse.refused`. */

const OUR_PROBLEMS = 'urn:sse-cluster:problem:'
const PASSING = [408, 425, 429]

/** No answer, for a reason that may be gone later. */
export function none(title, error) {
    return { status: 0, type: null, title, detail: String(error), isPassing: true, retryAfter: 0 }
}

export async function ask(url, init, { connectTimeout, withCredentials }) {
    const abort = new AbortController()
    const timer = setTimeout(() => abort.abort(), connectTimeout)
    try {
        const credentials = withCredentials ? 'include' : 'same-origin'
        return await answerOf(await fetch(url, { ...init, credentials, cache: 'no-store', signal: abort.signal }))
    } catch (error) {
        return none('No answer', error)
    } finally {
        clearTimeout(timer)
        abort.abort() // it may be a stream
    }
}

/** Puts the token into the server's cookie; answers why the server does not take it, or null. */
export async function post(token, options) {
    const answer = await ask(options.session, { method: 'POST', headers: { Authorization: `Bearer ${token}` } }, options)
    const asksForNone = answer.type === `${OUR_PROBLEMS}not-found` // mode none
    return answer.status === 204 || asksForNone ? null : answer
}

/** What an answer that is no stream says; only the server's own problems are taken for lasting. */
async function answerOf(response) {
    const status = response.status
    const contentType = response.headers.get('Content-Type') ?? ''
    if (response.ok && contentType.startsWith('text/event-stream')) {
        return { status, isStream: true }
    }
    const problem = contentType.startsWith('application/problem+json') ? await response.json() : {}
    const isOurs = String(problem.type).startsWith(OUR_PROBLEMS) && status >= 400 && status < 500
    return {
        status,
        type: problem.type ?? null,
        title: problem.title ?? (status === 204 ? 'Disconnected for good' : 'Not the answer of an SSE server'),
        detail: problem.detail ?? '',
        isPassing: status !== 204 && (!isOurs || PASSING.includes(status)),
        retryAfter: 1000 * (Number(response.headers.get('Retry-After')) || 0),
    }
}
