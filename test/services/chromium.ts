import { existsSync } from 'node:fs'
import { chromium, type Browser } from 'playwright-core'

const BINARY = '/usr/bin/chromium'

export const hasChromium = existsSync(BINARY)

/** Flags without which a closed network makes Chromium try, and fail, to reach its maker. */
const QUIET = [
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-quic',
  '--no-first-run',
]

/** Starts Debian's Chromium, headless. */
export async function startChromium(): Promise<Browser> {
  return await chromium.launch({ executablePath: BINARY, args: ['--no-sandbox', '--disable-gpu', ...QUIET] })
}
