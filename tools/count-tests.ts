/** Prints how many tests passed and failed, alone on a line, from the JSON that vitest wrote: `node tools/count-tests.ts FILE`. */
import { readFileSync } from 'node:fs'

const [path] = process.argv.slice(2)
if (path === undefined) throw new TypeError('count-tests needs the path of the JSON that vitest wrote.')
const results: { numPassedTests: number; numFailedTests: number } = JSON.parse(readFileSync(path, 'utf8'))
console.log(`${results.numPassedTests} passed, ${results.numFailedTests} failed`)
