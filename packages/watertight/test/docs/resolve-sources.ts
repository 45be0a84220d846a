/** Given to Node with `--import`: the library by name is its sources, as in every other test, and not what was built last. */
import { registerHooks } from 'node:module'
import { pathToFileURL } from 'node:url'

import { sourceAliases } from '../../../../tools/source-aliases.ts'

const aliases = sourceAliases()

registerHooks({
  resolve(specifier, context, next) {
    const alias = aliases.find(({ find }) => find.test(specifier))
    return next(alias === undefined ? specifier : pathToFileURL(alias.replacement).href, context)
  },
})
