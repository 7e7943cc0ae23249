import { attempt } from './attempt.ts'

type Method = (this: unknown, ...args: unknown[]) => unknown

/** On a method that is tracked, so that two instrumentations of one process never count a prediction twice. */
const TRACKED = Symbol.for('groundtrace.tracked')

/** Takes a patch off. */
export type Undo = () => void

/**
 * Puts a method in the place of another, with its name, length and property attributes.
 * @param patch makes the method from the original
 * @returns what takes it off again; when somebody else patched on top meanwhile, the patch stays in place and does nothing.
 * Undefined when there is no such method, when it may not be changed, or when it is tracked already
 */
export function patchMethod(owner: object, name: string, patch: (original: Method) => Method): Undo | undefined {
  const property = Object.getOwnPropertyDescriptor(owner, name)
  const original: unknown = property?.value
  if (property === undefined || typeof original !== 'function' || TRACKED in original) return undefined
  const untouched = original as Method
  const tracking = patch(untouched)
  let active = true

  function patched(this: unknown, ...args: unknown[]): unknown {
    return Reflect.apply(active ? tracking : untouched, this, args)
  }
  Object.defineProperties(patched, {
    name: { value: original.name, configurable: true },
    length: { value: original.length, configurable: true },
    [TRACKED]: { value: true, configurable: true },
  })
  if (!attempt(() => Object.defineProperty(owner, name, { ...property, value: patched })).succeeded) return undefined
  return () => {
    active = false
    if (Object.getOwnPropertyDescriptor(owner, name)?.value !== patched) return
    attempt(() => Object.defineProperty(owner, name, property))
  }
}
