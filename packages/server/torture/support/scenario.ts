// What all scenarios share. They run what was built: `npm run build` comes first.
import { fileURLToPath } from 'node:url';

/** How a scenario is run. */
export interface ScenarioOptions {
  /** Whether a fraction of the rounds is enough. */
  readonly short: boolean;
  readonly log: (line: string) => void;
}

/** What became of what a scenario tried. */
export interface ScenarioResult {
  readonly tried: number;
  readonly survived: number;
  readonly lost: number;
}

/** Runs a scenario when its file is what Node was started with: `node torture/one-owner.ts`, with `--short` for a few rounds. */
export async function runAlone(
  url: string,
  name: string,
  run: (options: ScenarioOptions) => Promise<ScenarioResult>,
): Promise<void> {
  if (process.argv[1] !== fileURLToPath(url)) return;
  const result = await run({ short: process.argv.includes('--short'), log: console.log });
  console.log(name, result);
  process.exitCode = result.lost === 0 ? 0 : 1;
}
