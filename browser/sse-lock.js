/** The lock of a stream's leading tab: `lead` is called when this tab has it, `lost` when it has been taken away or given up. */
export class LeaderLock {

    #name
    #lead
    #lost
    #pending = new AbortController()
    #release = null // gives it back
    #isClosed = false

    constructor(name, lead, lost) {
        this.#name = name
        this.#lead = lead
        this.#lost = lost
    }

    /** Waits until the others have gone. */
    queue() {
        this.#pending = new AbortController()
        this.#request({ signal: this.#pending.signal })
    }

    steal() {
        if (!this.#isClosed) {
            this.#pending.abort()
            this.#request({ steal: true })
        }
    }

    release() {
        this.#release?.()
    }

    close() {
        this.#isClosed = true
        this.#pending.abort()
        this.release()
    }

    #request(options) {
        navigator.locks.request(this.#name, options, () => this.#hold()).catch(error => this.#onNone(error))
    }

    #hold() {
        if (this.#isClosed) {
            return null
        }
        const held = new Promise(resolve => {
            this.#release = resolve
        })
        this.#lead()
        return held
    }

    #onNone(error) {
        if (this.#isClosed) {
            return
        }
        if (error.name === 'AbortError') {
            this.#lost()
        } else {
            this.#lead() // locks are forbidden here
        }
    }
}
