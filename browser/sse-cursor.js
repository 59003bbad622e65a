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

/** How far the three priorities are, in microseconds since 1970. */
function positionsOf(cursor) {
    const [id, positions] = cursor.split('~')
    return positions === undefined ? [Number(id), Number(id), Number(id)] : positions.split('-').map(Number)
}

export function lowestOf(cursor) {
    return Math.min(...positionsOf(cursor))
}

export function highestOf(cursor) {
    return Math.max(...positionsOf(cursor))
}

/** Whether whoever is there has all that who is at `other` has. */
export function isAtLeast(cursor, other) {
    const others = other === '' ? [0, 0, 0] : positionsOf(other)
    return cursor !== '' && positionsOf(cursor).every((position, i) => position >= others[i])
}

/** Where whoever has been at both is. */
export function latestOf(cursor, other) {
    if (cursor === '' || other === '') {
        return cursor || other
    }
    if (isAtLeast(cursor, other)) {
        return cursor
    }
    if (isAtLeast(other, cursor)) {
        return other
    }
    const others = positionsOf(other)
    const positions = positionsOf(cursor).map((position, i) => Math.max(position, others[i]))
    return `${Math.max(...positions)}~${positions.join('-')}`
}
