// Runs the scenario of one file in a process that `run.ts` starts, and sends it the result.
import { pathToFileURL } from 'node:url';
import type { Scenario } from './scenario.ts';

const [file = '', depth] = process.argv.slice(2);
// `run.ts` names files of scenarios only.
const { name, run } = (await import(pathToFileURL(file).href)) as Scenario;
const result = await run({ short: depth === '--short', log: (line) => console.log(`  ${line}`) });
process.send?.({ name, result }, () => process.disconnect());
