import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { Agent, request } from 'node:http'
import { FLAGS, pathOf } from './program.ts'

/** A server of this benchmark, in a process of its own. */
export interface Served {
  readonly port: number
  stop(): Promise<void>
}

/** @param kind one of those in `http-server-program.ts`; @param known predictions that its register holds */
export async function serve(kind: string, path: string, known = 0): Promise<Served> {
  const child = spawn(process.execPath, [...FLAGS, pathOf('http-server-program.ts'), kind, path, String(known)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [said] = (await once(child.stdout, 'data')) as [Buffer]
  return {
    port: Number(said.toString()),
    async stop() {
      child.kill('SIGTERM')
      await once(child, 'exit')
    },
  }
}

export interface Load {
  readonly path: string
  readonly contentType: string
  readonly bodies: readonly Buffer[]
  readonly connections: number
}

/** Posts all bodies over so many connections. @returns milliseconds until the last answer */
export async function post(port: number, { path, contentType, bodies, connections }: Load): Promise<number> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections })
  let next = 0
  async function worker(): Promise<void> {
    for (let body = bodies[next]; body !== undefined; body = bodies[next]) {
      next += 1
      await new Promise<void>((resolve, reject) => {
        const sent = request(
          {
            agent,
            port,
            path,
            method: 'POST',
            headers: { 'content-type': contentType, 'content-length': body.length },
          },
          (response) => {
            response.resume()
            response.on('end', () => {
              if (response.statusCode === 200) resolve()
              else reject(new Error(`${path} answered ${response.statusCode}`))
            })
          },
        )
        sent.on('error', reject)
        sent.end(body)
      })
    }
  }
  const started = performance.now()
  await Promise.all(Array.from({ length: connections }, worker))
  const elapsed = performance.now() - started
  agent.destroy()
  return elapsed
}
