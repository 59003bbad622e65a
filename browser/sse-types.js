import { Memory } from './sse-cursor.js'

/** The types of events that the tabs of one stream want, also those that have gone: whichever leads listens to all of them. */
export class WantedTypes {

    #memory = new Memory('local')
    #prefix
    #types = new Set()

    constructor(name) {
        this.#prefix = `types:${name}:`
    }

    /** Those of the tabs that are there, as far as this one has heard of them. */
    get known() {
        return [...this.#types]
    }

    get all() {
        return new Set([...this.#types, ...this.#memory.keys(this.#prefix)])
    }

    has(type) {
        return this.#types.has(type)
    }

    learn(type) {
        this.#types.add(type)
    }

    remember(type) {
        this.#memory.write(this.#prefix + type, 1)
    }

    forget() {
        this.#memory.keys(this.#prefix).forEach(type => this.#memory.remove(this.#prefix + type))
    }
}
