import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import { build } from 'esbuild'
import { launch } from 'puppeteer-core'

const FLAGS = ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--disable-background-networking', '--disable-component-update',
    '--disable-sync', '--no-first-run']

export function startBrowser() {
    return launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: FLAGS })
}

/** The script of a page. In development: strict mode does its work there only. */
export async function scriptOf(options) {
    const result = await build({ bundle: true, write: false, format: 'esm', jsx: 'automatic',
        define: { 'process.env.NODE_ENV': '"development"' }, ...options })
    return result.outputFiles[0].text
}

export async function until(condition, seconds = 10) {
    const end = Date.now() + seconds * 1000
    while (!await condition()) {
        assert.ok(Date.now() < end, `still not: ${condition}`)
        await sleep(20)
    }
}
