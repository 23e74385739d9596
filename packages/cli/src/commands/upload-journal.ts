import { createHash } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { stateFolder } from '../config/folders.js';

/**
 * The default path of a journal. The same command for the same company and service uses the same journal.
 *
 * @param what - Everything that identifies the command.
 */
export async function defaultJournal(env: NodeJS.ProcessEnv, what: unknown): Promise<string> {
  const folder = join(stateFolder(env), 'uploads');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const name = createHash('sha256').update(JSON.stringify(what)).digest('hex').slice(0, 24);
  return join(folder, `${name}.jsonl`);
}
