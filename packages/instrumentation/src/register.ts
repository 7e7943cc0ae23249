import { startZeroCode } from './zero-code.ts'

// The one import side effect of the package, made for `node --import @groundtrace/instrumentation/register.js`, and the
// one place in it that reads the environment.
startZeroCode(process.env)
