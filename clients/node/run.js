// Opens and closes streams with the npm package eventsource, as lines on standard input say: {"open": session, "level", "url"} or
// {"close": session}. Writes what they tell as lines of JSON. Ends with its input.
import { createInterface } from 'node:readline'
import { EventSource } from 'eventsource'
import { eventSource } from './streams.js'

const streams = new Map()

function say(line) {
  process.stdout.write(`${JSON.stringify(line)}\n`)
}

for await (const line of createInterface({ input: process.stdin })) {
  const command = JSON.parse(line)
  if (command.open) {
    const session = command.open
    streams.set(session, eventSource(EventSource, command.level, command.url, {
      event: (type, id, data) => say({ session, event: true, type, id, data }),
      ended: why => say({ session, event: false, why }),
    }))
  } else {
    streams.get(command.close)?.()
    streams.delete(command.close)
  }
}
process.exit()
