import { InferenceSession, Tensor } from 'onnxruntime-node'
import type { MailFeatures } from './features.ts'
import { INPUTS, OUTPUT } from './spam-filter-onnx.ts'

/** Eight small operators one after the other: a pool of threads for each session would only wait. */
const OPTIONS: InferenceSession.SessionOptions = { intraOpNumThreads: 1, interOpNumThreads: 1 }

/** What a run brought. */
export interface Scored {
  /** How probable spam is where half of the mails are spam. */
  readonly spam: number
  /** As the runtime returned them. */
  readonly outputs: InferenceSession.ReturnType
}

/** A version of the filter as it serves: its file, loaded into ONNX Runtime. Knows nothing of tracking. */
export class ServedFilter {
  readonly #session: InferenceSession
  readonly #running = new Set<Promise<unknown>>()

  private constructor(session: InferenceSession) {
    this.#session = session
  }

  /** @param file path of a file that spamFilterOnnx made. Rejects with the runtime's error when it can't be read */
  static async load(file: string): Promise<ServedFilter> {
    return new ServedFilter(await InferenceSession.create(file, OPTIONS))
  }

  /** @param features what extractFeatures returned */
  async score({ buckets, counts }: MailFeatures): Promise<Scored> {
    const running = this.#session.run({
      [INPUTS.buckets]: new Tensor('int32', new Int32Array(buckets), [buckets.length]),
      [INPUTS.counts]: new Tensor('float32', new Float32Array(counts), [1, counts.length]),
    })
    this.#running.add(running)
    try {
      const outputs = await running
      return { spam: Number(outputs[OUTPUT]?.data[0]), outputs }
    } finally {
      this.#running.delete(running)
    }
  }

  /** Gives the memory of the session back, once it has answered what it was asked. */
  async release(): Promise<void> {
    await Promise.allSettled(this.#running)
    await this.#session.release()
  }
}
