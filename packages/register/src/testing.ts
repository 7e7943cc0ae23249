export { describeRegister, type ConformanceOptions } from './testing/describe-register.ts'
export { type OpenRegister, type RegisterUnderTest } from './testing/under-test.ts'
