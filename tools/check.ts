/** Runs every `check:*` script of package.json to its end, so that one run tells all that is wrong. */
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

const manifest: { scripts: Record<string, string> } = JSON.parse(
  readFileSync(new URL('../package.json', import.meta.url), 'utf8'),
)
const { scripts } = manifest
const checks = Object.keys(scripts).filter((script) => script.startsWith('check:'))

const results = checks.map((script) => {
  console.log(`\n> ${script}: ${scripts[script]}`)
  const started = performance.now()
  const { status } = spawnSync('npm', ['run', '--silent', script], { stdio: 'inherit' })
  return {
    name: script.slice('check:'.length),
    ok: status === 0,
    seconds: Math.round((performance.now() - started) / 100) / 10,
  }
})

console.log('')
for (const { name, ok, seconds } of results)
  console.log(`${ok ? 'ok    ' : 'FAILED'}  ${name.padEnd(10)}  ${seconds} s`)
const ok = results.every((result) => result.ok)
if (!ok) console.log('Run one alone with: npm run check:NAME')
if (process.argv.includes('--json')) console.log(JSON.stringify({ check: results }))
process.exitCode = ok ? 0 : 1
