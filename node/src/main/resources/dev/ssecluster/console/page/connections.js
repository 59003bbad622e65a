// A browser opens six connections to a host over HTTP/1.1, and a stream takes one for as long as it is open. One is kept for calls.

const isMultiplexed = performance.getEntriesByType('navigation')[0]?.nextHopProtocol === 'h2'
const MOST = isMultiplexed ? 50 : 5

export const FULL = 'Browsers open six connections to a host over HTTP/1.1, and five are streams now. Close one first.'

let taken = 0

/** Takes a connection: answers a function that gives it back, or null when there is none left. */
export function takeConnection() {
  if (taken >= MOST) return null
  taken++
  let isTaken = true
  return () => {
    if (isTaken) taken--
    isTaken = false
  }
}
