import { none, post } from './sse-answer.js'

/** Brings the application's tokens to the server. The application is asked for one at a time. */
export class SignIn {

    #options
    #asking = null
    /** Whether a stream needs a token before it opens. */
    isDue = true
    /** The last token that the server took. */
    accepted

    /** @param options `token`, `session`, `connectTimeout`, `withCredentials` */
    constructor(options) {
        this.#options = options
    }

    /** The token has been changed, so what is just being asked for may be the former. */
    renew() {
        this.isDue = true
        this.#asking = null
    }

    /**
     * Answers why the server takes no token, or null.
     *
     * @param isWanted asked again before the token is sent: meanwhile the user may have logged out
     */
    async run(isWanted, isDue = this.isDue) {
        if (!this.#options.token || !isDue) {
            return null
        }
        this.isDue = true
        try {
            const token = await this.#ask()
            return isWanted() ? await this.#send(token) : null
        } catch (error) {
            return none('There is no token', error)
        }
    }

    #ask() {
        if (this.#asking === null) {
            const asking = Promise.resolve(this.#options.token()).finally(() => {
                this.#asking = this.#asking === asking ? null : this.#asking
            })
            this.#asking = asking
        }
        return this.#asking
    }

    async #send(token) {
        const refusal = token == null ? null : await post(token, this.#options)
        this.isDue = refusal !== null
        if (token != null && refusal === null) {
            this.accepted = token
        }
        return refusal
    }
}
