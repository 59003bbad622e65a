/** What a page remembers of a stream: where it stands, over reloads, and which events came lately. */

const PREFIX = 'sse-cluster:'

/** A storage that may be forbidden (then it remembers nothing) or full. */
export class Memory {

    #storage

    /** @param {'session' | 'local'} kind */
    constructor(kind) {
        try {
            this.#storage = kind === 'local' ? globalThis.localStorage : globalThis.sessionStorage
        } catch {
            this.#storage = undefined // forbidden by the browser's settings
        }
    }

    read(key) {
        try {
            return JSON.parse(this.#storage?.getItem(PREFIX + key) ?? 'null')
        } catch {
            return null // forbidden, or not ours
        }
    }

    write(key, value) {
        try {
            this.#storage?.setItem(PREFIX + key, JSON.stringify(value))
        } catch {
            this.remove(key) // full: an old cursor would bring old events twice, none brings the server's position
        }
    }

    remove(key) {
        try {
            this.#storage?.removeItem(PREFIX + key)
        } catch {
            // forbidden, so there is nothing
        }
    }

    /** The rest of each key that begins so. */
    keys(beginning) {
        try {
            const keys = Object.keys(this.#storage ?? {})
            return keys.filter(key => key.startsWith(PREFIX + beginning)).map(key => key.slice(PREFIX.length + beginning.length))
        } catch {
            return []
        }
    }
}

/**
 * The cursor of one stream, in the storages it is kept in; read from the first that has it. The user is kept beside it: where only a
 * token says who that is, another one's cursor would skip what this one has not seen.
 */
export class KeptCursor {

    #memories
    #key
    #user
    value = ''
    /** Whether it moves in all storages, not only in the first. */
    movesAll = true

    /** @param {('session' | 'local')[]} kinds */
    constructor(key, kinds) {
        this.#key = key
        this.#memories = kinds.map(kind => new Memory(kind))
        const record = this.#memories.map(memory => memory.read(key)).find(each => typeof each?.cursor === 'string')
        this.value = record?.cursor ?? ''
        this.#user = record?.user
    }

    /** Whether it is that user's, or nobody's; otherwise it is forgotten. */
    isOf(user) {
        const matches = this.value === '' || this.#user === undefined || this.#user === user
        if (!matches) {
            this.forget()
        }
        this.#user = user
        return matches
    }

    moveTo(cursor) {
        if (cursor !== '' && cursor !== this.value) {
            this.value = cursor
            const memories = this.movesAll ? this.#memories : this.#memories.slice(0, 1)
            memories.forEach(memory => memory.write(this.#key, { cursor, user: this.#user }))
        }
    }

    forget() {
        this.value = ''
        this.#memories.forEach(memory => memory.remove(this.#key))
    }

    /** Forgets it and keeps none any more. */
    end() {
        this.forget()
        this.#memories = []
    }
}

/** The message's own part of a stream's id: `<event_id>` or `<event_id>~<normal>-<high>-<urgent>`. */
export function eventIdOf(cursor) {
    return cursor.split('~', 1)[0]
}

function highestOf(cursor) {
    return Math.max(...cursor.split(/[~-]/).map(Number))
}

function lowestOf(cursor) {
    return Math.min(...cursor.split(/[~-]/).map(Number))
}

/**
 * The last events in the order in which they came, so that another tab can have what it has missed, and so that an event that two
 * leading tabs have sent counts once. Bounded.
 */
export class RecentEvents {

    #events = []
    #ids = new Set()
    #characters = 0
    #floor = Infinity // a plain cursor from here on has nothing behind it but what is here
    #delivered = 0 // everything up to here has been
    #most
    #mostCharacters

    constructor(most = 1000, mostCharacters = 1_000_000) {
        this.#most = most
        this.#mostCharacters = mostCharacters
    }

    /** There are no gaps from this cursor on. */
    beginAt(cursor) {
        this.#events = []
        this.#characters = 0
        this.#floor = cursor === '' ? Infinity : highestOf(cursor)
    }

    get hasBegun() {
        return this.#floor !== Infinity
    }

    /** Whether a stream that begins at that cursor would bring what is not here. */
    beginsAfter(cursor) {
        return this.hasBegun && lowestOf(cursor) < this.#floor
    }

    /** Whatever a stream that begins earlier brings up to this cursor is known. */
    deliveredTo(cursor) {
        if (cursor !== '') {
            this.#delivered = Math.max(this.#delivered, lowestOf(cursor))
        }
    }

    /** Whether it is new. */
    add(event) {
        const id = eventIdOf(event.id)
        if (this.#ids.has(id) || Number(id) <= this.#delivered) {
            return false
        }
        this.#ids.add(id)
        this.#events.push(event)
        this.#characters += event.data.length
        this.#trim()
        return true
    }

    #trim() {
        while (this.#events.length > this.#most || (this.#characters > this.#mostCharacters && this.#events.length > 1)) {
            const oldest = this.#events.shift()
            this.#characters -= oldest.data.length
            this.#floor = Math.max(this.#floor, highestOf(oldest.id))
        }
        while (this.#ids.size > 2 * this.#most) {
            this.#ids.delete(this.#ids.values().next().value)
        }
    }

    /** What came after that cursor, or null when that cannot be told. */
    after(cursor) {
        const index = this.#events.findLastIndex(event => event.id === cursor)
        if (index >= 0) {
            return this.#events.slice(index + 1)
        }
        const isPlain = /^\d+$/.test(cursor)
        return isPlain && Number(cursor) >= this.#floor ? this.#events.filter(event => Number(eventIdOf(event.id)) > Number(cursor)) : null
    }
}
