import { attempt } from './attempt.ts'

type Method = (this: unknown, ...args: unknown[]) => unknown

/** Of a method that is tracked. */
interface Tracked {
  /** What it was. */
  readonly original: Method
  /** Who tracks it; the last one is called. */
  readonly trackers: Method[]
  /** Puts the original back, unless somebody else patched on top. */
  readonly restore: () => void
}

/** Where a tracked method keeps that: several instrumentations of one process, of any version, count a prediction once. */
const TRACKED = Symbol.for('groundtrace.tracked')

/** Takes a patch off. */
export type Undo = () => void

/**
 * Puts a method in the place of another, with its name, length and property attributes. A method that is tracked already
 * is from now on tracked by this patch alone; when that is taken off, by the one before.
 * @param patch makes the method from the original
 * @returns what takes it off again; when somebody else patched on top meanwhile, a method that does nothing of its own stays.
 * Undefined when there is no such method, or when it may not be changed
 */
export function patchMethod(owner: object, name: string, patch: (original: Method) => Method): Undo | undefined {
  const property = Object.getOwnPropertyDescriptor(owner, name)
  if (property === undefined || typeof property.value !== 'function') return undefined
  const tracked = trackedOf(property.value) ?? install(owner, name, property)
  if (tracked === undefined) return undefined
  const { original, trackers, restore } = tracked
  const tracker = patch(original)
  trackers.push(tracker)
  return () => {
    const place = trackers.indexOf(tracker)
    if (place === -1) return
    trackers.splice(place, 1)
    if (trackers.length === 0) restore()
  }
}

function trackedOf(method: object): Tracked | undefined {
  return (method as { readonly [TRACKED]?: Tracked })[TRACKED]
}

/** A method that calls the original until somebody tracks it. */
function install(owner: object, name: string, property: PropertyDescriptor): Tracked | undefined {
  const original = property.value as Method
  const trackers: Method[] = []

  function patched(this: unknown, ...args: unknown[]): unknown {
    return Reflect.apply(trackers.at(-1) ?? original, this, args)
  }
  const tracked: Tracked = {
    original,
    trackers,
    restore() {
      if (Object.getOwnPropertyDescriptor(owner, name)?.value !== patched) return
      attempt(() => Object.defineProperty(owner, name, property))
    },
  }
  Object.defineProperties(patched, {
    name: { value: original.name, configurable: true },
    length: { value: original.length, configurable: true },
    [TRACKED]: { value: tracked, configurable: true },
  })
  const isInPlace = attempt(() => Object.defineProperty(owner, name, { ...property, value: patched })).succeeded
  return isInPlace ? tracked : undefined
}
