import { MODEL } from './settings.ts'

const NAME = new RegExp(`(?:^|[/\\\\])${MODEL}-([^/\\\\]+)\\.onnx$`)

/** Name of the file that holds a version of the filter. The version ends in a hash of the weights, so a file never changes. */
export const modelFileName = (version: string): string => `${MODEL}-${version}.onnx`

/** The version that a file holds, by its name; undefined for what is no file of the filter. */
export const versionIn = (path: string | undefined): string | undefined => NAME.exec(path ?? '')?.[1]
