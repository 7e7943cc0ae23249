import { expect, it } from 'vitest'
import { openSqliteRegister } from '../../src/index.ts'
import { dataSetMade, versionTrained, wholeLedger } from '../../src/testing/fixtures.ts'

it('a page of lineage ends with the data set that makes it large, and the next goes on behind it', async () => {
  const register = openSqliteRegister({ path: ':memory:' })
  const members = Array.from({ length: 9000 }, (_, index) => [index + 1, index + 1] as const)
  const lines = [
    ...['d1', 'd2', 'd3', 'd4'].map((dataSet) => dataSetMade(dataSet, members)),
    versionTrained('v2', 'd1'),
  ]
  await register.appendLineage(lines)
  const first = await register.read('lineage', { after: 0 })
  // 18,000 members fit under the bound of 20,000; the third data set passes it.
  expect(first.lines).toHaveLength(3)
  expect(await wholeLedger(register, 'lineage', 10)).toEqual(lines)
  await register.close()
})
