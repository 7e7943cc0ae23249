import { ADMIN } from './settings.ts'

/** An account on the server. */
export interface Account {
  readonly id: number
  readonly email: string
  readonly password: string
  /** Of the legacy kind: `Authorization: Token …`. */
  readonly token: string
}

/** What a browser keeps between requests. */
class CookieJar {
  readonly #cookies = new Map<string, string>()

  async fetch(url: string, init: RequestInit = {}): Promise<Response> {
    const headers = new Headers(init.headers)
    headers.set('cookie', [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; '))
    const response = await fetch(url, { ...init, headers, redirect: 'manual' })
    for (const line of response.headers.getSetCookie()) {
      const [pair = ''] = line.split(';')
      const at = pair.indexOf('=')
      this.#cookies.set(pair.slice(0, at), pair.slice(at + 1))
    }
    return response
  }

  get(name: string): string {
    return this.#cookies.get(name) ?? ''
  }
}

async function jsonOf<T>(response: Response): Promise<T> {
  const text = await response.text()
  if (!response.ok) throw new Error(`${response.url} answered ${response.status}: ${text.slice(0, 500)}`)
  return JSON.parse(text) as T
}

/** Signs somebody up by the organisation's invitation, as their browser would. */
export async function signUp(url: string, name: string): Promise<Account> {
  const invited = await fetch(`${url}/api/invite`, { headers: { authorization: `Token ${ADMIN.token}` } })
  const { invite_url: path } = await jsonOf<{ invite_url: string }>(invited)
  const page = new URL(path, url).href
  const email = `${name}@groundtrace.test`
  const password = `groundtrace-${name}`
  const jar = new CookieJar()
  await (await jar.fetch(page)).body?.cancel()
  const form = { csrfmiddlewaretoken: jar.get('csrftoken'), email, password, allow_newsletters: 'false' }
  const signedUp = await jar.fetch(page, {
    method: 'POST',
    body: new URLSearchParams(form),
    headers: { referer: page },
  })
  if (signedUp.status !== 302) throw new Error(`${email} could not sign up: ${(await signedUp.text()).slice(0, 2000)}`)
  const { token } = await jsonOf<{ token: string }>(await jar.fetch(`${url}/api/current-user/token`))
  const { id } = await jsonOf<{ id: number }>(await jar.fetch(`${url}/api/current-user/whoami`))
  return { id, email, password, token }
}
