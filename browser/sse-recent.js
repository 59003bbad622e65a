import { eventIdOf, highestOf, lowestOf } from './sse-cursor.js'

/**
 * The last events in the order in which they came, without a gap, so that another tab can have what it has missed; and which events this
 * tab has had, so that one that comes from two streams counts once. Bounded.
 */
export class RecentEvents {

    #events = new Map() // by event id
    #characters = 0
    #floor = Infinity // a plain cursor from here on has nothing behind it but what is here
    #beginning = null // what is here is all that came after that cursor
    #ids = new Set() // of more events than are kept
    #delivered = 0 // everything up to here has been
    #most
    #mostCharacters

    constructor(most = 1000, mostCharacters = 1_000_000) {
        this.#most = most
        this.#mostCharacters = mostCharacters
    }

    /** From this cursor on there will be no gap. */
    beginAt(cursor) {
        this.#events.clear()
        this.#characters = 0
        this.#beginning = cursor === '' ? null : cursor
        this.#floor = cursor === '' ? Infinity : highestOf(cursor)
    }

    get hasBegun() {
        return this.#floor !== Infinity
    }

    /** What comes again up to this cursor is known. */
    deliveredTo(cursor) {
        if (cursor !== '') {
            this.#delivered = Math.max(this.#delivered, lowestOf(cursor))
        }
    }

    /** This tab is there, and what comes next follows without a gap. */
    goOnAt(cursor) {
        this.deliveredTo(cursor)
        if (!this.hasBegun) {
            this.beginAt(cursor)
        }
    }

    /** There was a gap: neither is it complete nor do old cursors say anything. */
    interrupt() {
        this.beginAt('')
        this.#delivered = 0
    }

    /** Whether it is new. Kept in any case: for others it may be. */
    add(event) {
        const id = eventIdOf(event.id)
        const isNew = !this.#ids.has(id) && Number(id) > this.#delivered
        this.#ids.add(id)
        if (!this.#events.has(id)) {
            this.#events.set(id, event)
            this.#characters += event.data.length
            this.#trim()
        }
        return isNew
    }

    #trim() {
        while (this.#events.size > this.#most || (this.#characters > this.#mostCharacters && this.#events.size > 1)) {
            const [id, oldest] = this.#events.entries().next().value
            this.#events.delete(id)
            this.#characters -= oldest.data.length
            this.#beginning = null
            this.#floor = Math.max(this.#floor, highestOf(oldest.id))
        }
        while (this.#ids.size > 2 * this.#most) {
            this.#ids.delete(this.#ids.values().next().value)
        }
    }

    /** What came after that cursor, or null when that cannot be told. */
    after(cursor) {
        const events = [...this.#events.values()]
        if (cursor === this.#beginning) {
            return events
        }
        const index = events.findLastIndex(event => event.id === cursor)
        if (index >= 0) {
            return events.slice(index + 1)
        }
        const isPlain = /^\d+$/.test(cursor)
        return isPlain && Number(cursor) >= this.#floor ? events.filter(event => Number(eventIdOf(event.id)) > Number(cursor)) : null
    }
}
