// CSAF's own rules: the strict schema and the mandatory tests, one line a file; exit status 1 when one fails.
//     npm install && node validate.mjs FILE...
import { readFileSync } from 'node:fs'
import validate from '@secvisogram/csaf-validator-lib/validate.js'
import * as mandatory from '@secvisogram/csaf-validator-lib/mandatoryTests.js'
import { csaf_2_0_strict } from '@secvisogram/csaf-validator-lib/schemaTests.js'

let failed = false
for (const file of process.argv.slice(2)) {
  const tests = [csaf_2_0_strict, ...Object.values(mandatory)]
  const result = await validate(tests, JSON.parse(readFileSync(file, 'utf-8')))
  const errors = result.tests.flatMap((test) => test.errors.map((error) => `${test.name}: ${JSON.stringify(error)}`))
  console.log(`${file}: ${result.isValid ? 'valid' : errors.join('; ')}`)
  failed ||= !result.isValid
}
process.exit(failed ? 1 : 0)
