/** What the tabs of one stream tell each other, each message with the tab it comes from. */
export class TabChannel {

    id = crypto.randomUUID()
    #channel
    #shown = new AbortController()

    /** @param onShown the page is back from the browser's cache, where messages do not come */
    constructor(name, onMessage, onShown) {
        this.#channel = new BroadcastChannel(name)
        this.#channel.onmessage = event => onMessage(event.data)
        globalThis.addEventListener?.('pageshow', event => event.persisted && onShown(), { signal: this.#shown.signal })
    }

    post(message) {
        this.#channel.postMessage({ ...message, tab: this.id })
    }

    close() {
        this.#shown.abort()
        this.#channel.onmessage = null
        this.#channel.close()
    }
}
