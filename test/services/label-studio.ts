import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from './free-port.ts'
import { signUp, type Account } from './label-studio/accounts.ts'
import { startServerProcess } from './label-studio/server-process.ts'
import { ADMIN } from './label-studio/settings.ts'
import { labelStudioTemplate } from './label-studio/template.ts'

export { type Account } from './label-studio/accounts.ts'
export { hasLabelStudio } from './label-studio/server-process.ts'

/** A request of the server's API in the words of the server, for what a test does in the place of people. */
export interface ApiRequest {
  readonly method?: string
  readonly body?: unknown
  /** Legacy token of who asks; default the admin's. */
  readonly token?: string
}

/** A Label Studio of its own, on a free port of this machine, with its data in a temporary folder. */
export interface LabelStudioServer {
  readonly url: string
  readonly port: number
  /** Its data folder. */
  readonly folder: string
  readonly admin: Account
  /** Makes an account by the organisation's invitation, with the address `NAME@groundtrace.test`. */
  signUp(name: string): Promise<Account>
  /** Makes a personal access token of the admin's, of which there is one at a time. @returns the refresh token */
  personalToken(): Promise<string>
  /** @returns the JSON of the answer, or undefined for none. Rejects with the server's own words for anything but success */
  api<T = unknown>(path: string, request?: ApiRequest): Promise<T>
  /** Kills it as a power cut would. */
  kill(): Promise<void>
  /** Starts it again on the same data and port, after it was killed. */
  restart(): Promise<void>
  /** Stops it and removes its data. */
  stop(): Promise<void>
}

/**
 * Starts a server on a copy of the template: 7 seconds on a quiet machine. The first time ever, the template is made, which
 * takes a minute or two: `npm test` begins with that in the background.
 */
export async function startLabelStudio(): Promise<LabelStudioServer> {
  const template = await labelStudioTemplate()
  const folder = await mkdtemp(join(tmpdir(), 'groundtrace-label-studio-'))
  await cp(template, folder, { recursive: true })
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  let server = await startServerProcess(folder, port)

  async function api<T>(path: string, { method = 'GET', body, token = ADMIN.token }: ApiRequest = {}): Promise<T> {
    const response = await fetch(`${url}${path}`, {
      method,
      headers: { authorization: `Token ${token}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${text.slice(0, 2000)}`)
    return (text === '' ? undefined : JSON.parse(text)) as T
  }

  const { id } = await api<{ id: number }>('/api/current-user/whoami')
  return {
    url,
    port,
    folder,
    admin: { id, ...ADMIN },
    signUp: (name) => signUp(url, name),
    async personalToken() {
      const { token } = await api<{ token: string }>('/api/token/', { method: 'POST', body: {} })
      return token
    },
    api,
    kill: () => server.end('SIGKILL'),
    async restart() {
      server = await startServerProcess(folder, port)
    },
    async stop() {
      await server.end('SIGTERM')
      await rm(folder, { recursive: true, force: true })
    },
  }
}
