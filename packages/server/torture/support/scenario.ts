// What all scenarios share. They run what was built: `npm run build` comes first.
import { fileURLToPath } from 'node:url';

/** How a scenario is run. */
export interface ScenarioOptions {
  /** Whether a fraction of the rounds is enough. */
  readonly short: boolean;
  readonly log: (line: string) => void;
}

/** The result of a scenario. */
export interface ScenarioResult {
  readonly tried: number;
  readonly survived: number;
  /** The rest of those tried. */
  readonly lost: number;
  /** The requirement that is missing here. Nothing was tried then. */
  readonly skipped?: string;
}

/** A file of the folder of scenarios. */
export interface Scenario {
  readonly name: string;
  run(options: ScenarioOptions): Promise<ScenarioResult>;
}

/** The result of a scenario whose requirement is missing. */
export const skipped = (reason: string): ScenarioResult => ({
  tried: 0,
  survived: 0,
  lost: 0,
  skipped: reason,
});

/** Why a result is not a success; `undefined` if it is one, or if the scenario was skipped. */
export function failureOf({ tried, survived, lost, skipped: reason }: ScenarioResult): string | undefined {
  if (![tried, survived, lost].every((count) => Number.isSafeInteger(count) && count >= 0))
    return 'a count is not a whole number';
  if (survived + lost !== tried)
    return `${survived} survived and ${lost} lost do not add up to ${tried} tried`;
  if (lost > 0) return `${lost} of ${tried} lost`;
  return tried === 0 && reason === undefined ? 'nothing was tried' : undefined;
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
  process.exitCode = failureOf(result) === undefined ? 0 : 1;
}
