// Runs the scenarios of this folder, all or those that are named, and prints what each one survived:
// `node torture/run.ts [--short] [--from FOLDER] [NAME…]`. Exits 1 when one lost something or tried nothing without a missing
// requirement.
import { fork } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { failureOf, type ScenarioResult } from './support/scenario.ts';

const HERE = fileURLToPath(new URL('.', import.meta.url));
const RUN_ONE = fileURLToPath(new URL('support/run-one.ts', import.meta.url));

/** Milliseconds after which a scenario is ended as one that hangs. */
const LIMIT = { short: 5 * 60_000, long: 6 * 3_600_000 };

interface Row {
  readonly name: string;
  readonly result: ScenarioResult;
  readonly failure: string | undefined;
  readonly seconds: number;
}

const { values, positionals } = parseArgs({
  options: { short: { type: 'boolean', default: false }, from: { type: 'string', default: HERE } },
  allowPositionals: true,
});
const folder = resolve(values.from);
const found = readdirSync(folder)
  .filter((file) => /\.[mc]?[jt]s$/.test(file) && file !== basename(import.meta.filename))
  .sort();
const nameOf = (file: string): string => file.replace(/\.\w+$/, '');
const unknown = positionals.find((name) => !found.some((file) => nameOf(file) === name));
if (unknown !== undefined) {
  console.error(`${unknown}: no such scenario; found ${found.map(nameOf).join(', ')}`);
  process.exit(2);
}

const rows: Row[] = [];
for (const file of found)
  if (positionals.length === 0 || positionals.includes(nameOf(file))) rows.push(await runFile(file));
print(rows);
const failed = rows.some(({ failure }) => failure !== undefined);
if (rows.length === 0) console.error(`${folder}: no scenarios`);
process.exitCode = failed || rows.length === 0 ? 1 : 0;

/** Each runs in its own process: one that ends or hangs takes no other with it. */
async function runFile(file: string): Promise<Row> {
  console.log(`== ${nameOf(file)}`);
  const begun = performance.now();
  const child = fork(RUN_ONE, [join(folder, file), ...(values.short ? ['--short'] : [])], {
    execArgv: ['--no-warnings'],
  });
  let answer: { name: string; result: ScenarioResult } | undefined;
  // The process sends nothing else.
  child.once('message', (message) => {
    answer = message as typeof answer;
  });
  const limit = values.short ? LIMIT.short : LIMIT.long;
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    child.kill('SIGKILL');
  }, limit);
  const [code, signal] = await new Promise<[number | null, string | null]>((done) =>
    child.once('close', (...how) => done(how)),
  );
  clearTimeout(timer);
  const seconds = Math.round((performance.now() - begun) / 1000);
  const ending = late
    ? `still running after ${limit / 60_000} minutes`
    : `its process ended with ${signal ?? code}`;
  if (answer === undefined)
    return { name: nameOf(file), result: { tried: 0, survived: 0, lost: 0 }, failure: ending, seconds };
  const { name = nameOf(file), result } = answer;
  return { name, result, failure: code === 0 ? failureOf(result) : ending, seconds };
}

function print(all: readonly Row[]): void {
  const lines = [
    ['scenario', 'tried', 'survived', 'lost', 'seconds', ''],
    ...all.map(({ name, result, failure, seconds }) => [
      name,
      ...[result.tried, result.survived, result.lost, seconds].map(String),
      failure === undefined
        ? result.skipped === undefined
          ? ''
          : `skipped: ${result.skipped}`
        : `failed: ${failure}`,
    ]),
  ];
  const widths = [0, 1, 2, 3, 4].map((column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  console.log('');
  for (const line of lines)
    console.log(
      line
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    );
}
