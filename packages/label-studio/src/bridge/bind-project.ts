import { isOnServer } from './answer-ledger.ts'
import type { Outbox } from './outbox.ts'
import type { Unit } from './unit.ts'

const UNITS = 1000

/**
 * Says which project on the server stands behind a name. When it is another one than before, the units go there: each is
 * sent again, after it was looked for, and what was answered in the old one is kept.
 */
export function bindProject(
  { units, answers, projects, gaps, now, write }: Outbox,
  name: string,
  server: number,
): void {
  write(() => {
    if (projects.bind(name, server)) return
    const moved = { units: 0, answers: 0 }
    for (let some: readonly Unit[] = []; ; some = []) {
      some = units.onServer(name, 0, UNITS)
      if (some.length === 0) break
      for (const unit of some) {
        const kept = answers.of(unit.id).filter(isOnServer)
        for (const answer of kept) answers.end(answer, 'kept')
        units.again(unit, now())
        moved.units += 1
        moved.answers += kept.length
      }
    }
    const detail = `The name stands for project ${server} of the server now. Its units are sent there, and old answers kept.`
    gaps.add({ project: name, kind: 'project-replaced', ...moved, detail })
  })
}
