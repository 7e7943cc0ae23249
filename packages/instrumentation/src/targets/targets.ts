import { onnxruntimeNode } from './onnxruntime-node.ts'
import { openai } from './openai.ts'
import type { Target } from './target.ts'

/** Every library that predictions are tracked in from outside. */
export const TARGETS: readonly Target[] = [onnxruntimeNode, openai]
