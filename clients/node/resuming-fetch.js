// snippet
// A stream with fetchEventSource that ends only when the server says so for good.
// silence: milliseconds after which a connection is given up, more than two heartbeats
export async function resumingFetch(fetchEventSource, url, silence, signal, event, ended) {
  let cursor = ''
  try {
    await fetchEventSource(url, {
      signal,
      openWhenHidden: true, // otherwise it disconnects whenever the page is not visible
      fetch: async (input, init) => watched(await fetch(input, init), silence),
      async onopen(response) {
        if (response.status === 200) return
        const seconds = response.headers.get('retry-after')
        throw Object.assign(new Error(`HTTP ${response.status}`), { status: response.status, seconds })
      },
      onmessage(message) {
        if (message.id) cursor = message.id
        if (message.data) event(message.event, cursor, message.data) // else a heartbeat
      },
      onclose() {
        throw new Error('the stream has ended') // otherwise it would not come back
      },
      onerror(error) {
        if (error.status === 204 || (error.status >= 400 && error.status < 500)) throw error // throwing here ends it
        return error.seconds ? error.seconds * 1000 : undefined // undefined: as long as "retry:" says
      },
    })
  } catch (error) {
    ended(String(error))
  }
}

// The same response, but reading it fails when nothing comes for too long.
function watched(response, silence) {
  if (response.status !== 200) return response
  let timer
  const watch = new TransformStream({
    start: controller => arm(controller),
    transform(chunk, controller) {
      arm(controller)
      controller.enqueue(chunk)
    },
    flush: () => clearTimeout(timer),
  })
  function arm(controller) {
    clearTimeout(timer)
    timer = setTimeout(() => controller.error(new Error('silent')), silence)
  }
  return new Response(response.body.pipeThrough(watch), response)
}
