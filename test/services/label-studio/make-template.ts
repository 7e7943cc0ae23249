// A program: makes the data folder that tests copy, so that it is there by the time that they need it.
import { labelStudioTemplate } from './template.ts'

await labelStudioTemplate()
