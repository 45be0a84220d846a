/** Writes docs/rules.md. */
import { writeFileSync } from 'node:fs'

import { renderRules } from './render-rules.ts'

writeFileSync(new URL('../../../../docs/rules.md', import.meta.url), renderRules())
