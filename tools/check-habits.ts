/** Keeps two habits of packages/watertight/src that no lint rule knows. Each can be excused on its line, with a reason. */
import { globSync, readFileSync } from 'node:fs'

interface Habit {
  breaks: RegExp
  excuse: RegExp
  help: string
}

const habits: Habit[] = [
  {
    breaks: /\boxlint-disable/,
    excuse: /oxlint-disable(-next-line|-line)? \S+ -- \S/,
    help: 'Name the rule and end the comment with ` -- ` and the reason.',
  },
  {
    // On PGlite, a client released with an error closes the one connection: the next caller fails, or reads no rows.
    breaks: /\.release\((?!\))/,
    excuse: /\/\/ release: \S/,
    help: 'Roll back, then call release() without an argument; where a server connection must be dropped, add `// release: why`.',
  },
]

const breaches = globSync('packages/watertight/src/**/*.ts').flatMap((path) =>
  readFileSync(path, 'utf8')
    .split('\n')
    .flatMap((line, index) =>
      habits
        .filter(({ breaks, excuse }) => breaks.test(line) && !excuse.test(line))
        .map(({ help }) => `${path}:${index + 1}: ${line.trim()}\n  ${help}`),
    ),
)

for (const breach of breaches) console.error(breach)
process.exitCode = breaches.length === 0 ? 0 : 1
