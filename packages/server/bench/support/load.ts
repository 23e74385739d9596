import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import type { LoadAnswer, LoadRequest } from './load-generator.ts';

const GENERATOR = fileURLToPath(new URL('load-generator.ts', import.meta.url));

/** Sends a request again and again from another process. */
export async function runLoad(load: LoadRequest): Promise<LoadAnswer> {
  const generator = spawn(process.execPath, [GENERATOR], { stdio: ['pipe', 'pipe', 'inherit'] });
  generator.stdin.end(JSON.stringify(load));
  const [printed, [code]] = await Promise.all([text(generator.stdout), once(generator, 'exit')]);
  if (code !== 0) throw new Error(`the load generator ended with ${code}`);
  // The generator prints one such object.
  return JSON.parse(printed) as LoadAnswer;
}
