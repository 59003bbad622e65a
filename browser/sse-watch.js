const PATIENCE = 3_000
const LOOK_EVERY = 2_000

/** Whether another tab that leads is still there: it is asked when nothing has come from it for long, and deposed when it says nothing. */
export class LeaderWatch {

    #limit
    #ask
    #depose
    #heard = 0
    #asked = 0 // when, or 0
    #timer

    /** @param limit milliseconds */
    constructor(limit, ask, depose) {
        this.#limit = limit
        this.#ask = ask
        this.#depose = depose
    }

    start() {
        this.hear()
        this.#timer ??= setInterval(() => this.#look(), LOOK_EVERY)
    }

    stop() {
        clearInterval(this.#timer)
        this.#timer = undefined
    }

    /** It has said something. */
    hear() {
        this.#heard = Date.now()
        this.#asked = 0
    }

    /** Its heartbeats are relayed. */
    expect(heartbeatMillis) {
        this.#limit = 2 * heartbeatMillis + PATIENCE
    }

    #look() {
        const now = Date.now()
        if (now - this.#heard < this.#limit) {
            return
        }
        if (this.#asked === 0) {
            this.#asked = now
            this.#ask()
        } else if (now - this.#asked > PATIENCE * (1 + Math.random())) { // not all tabs at once
            this.hear()
            this.#depose()
        }
    }
}
