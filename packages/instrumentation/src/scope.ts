/** Who says it: the instrumentation scope of our spans and events. The version is the package's; a test holds them together. */
export const SCOPE = Object.freeze({ name: '@groundtrace/instrumentation', version: '0.1.0' })
