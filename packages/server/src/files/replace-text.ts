import { rename, writeFile } from 'node:fs/promises';

/** Replaces the text of a file in one step. Only the owner can read it. */
export async function replaceText(file: string, text: string): Promise<void> {
  await writeFile(`${file}.new`, text, { flush: true, mode: 0o600 });
  await rename(`${file}.new`, file);
}
