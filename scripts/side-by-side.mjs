// Runs npm scripts of the repository, two at a time: `node scripts/side-by-side.mjs lint typecheck`. Most of them use one processor, and
// some wait for a registry. Prints the output of each when it ends, and its seconds. Fails when one of them does, after all have ended.
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** Scripts at once. */
const LANES = 2;

const cwd = fileURLToPath(new URL('../', import.meta.url));
const scripts = process.argv.slice(2).values();
const failed = [];

await Promise.all(
  Array.from({ length: LANES }, async () => {
    for (const script of scripts) if (!(await run(script))) failed.push(script);
  }),
);
if (failed.length > 0) {
  console.error(`failed: ${failed.join(', ')}`);
  process.exitCode = 1;
}

/** @returns Whether a script succeeded. */
function run(script) {
  const began = performance.now();
  return new Promise((resolve) => {
    const options = { cwd, maxBuffer: 2 ** 28 };
    execFile('npm', ['run', '--silent', script], options, (error, stdout, stderr) => {
      const seconds = Math.round((performance.now() - began) / 1000);
      console.log(
        `\n== ${script} (${seconds} s)${error === null ? '' : `: failed: ${error.message.split('\n')[0]}`}`,
      );
      console.log(`${stdout}${stderr}`.trimEnd());
      resolve(error === null);
    });
  });
}
