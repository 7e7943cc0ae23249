import { isMainThread } from 'node:worker_threads'

process.stdout.write(isMainThread ? 'preloaded\n' : 'preloaded in a thread\n')
