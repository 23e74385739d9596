// Image formats of a seed: their form, and their rows.
import type { Db } from '../db/db.js';
import type { CompanyRow } from '../db/rows.js';
import * as t from '../db/schema.js';
import { checkCommands, imageFormatsOf, isCallable, MAX_FORMATS } from '../publish/image-formats.js';
import { TEXT_LIMITS } from '../text-limits.js';
import { entries, shown, text } from './seed-checks.js';
import { SeedError } from './seed-error.js';

/** @throws SeedError for a name that image URLs cannot have, and for commands that image serving refuses. */
export function checkImageFormats(path: string, formats: unknown): void {
  const names = new Set<string>();
  for (const [name, commands] of entries(path, formats)) {
    const at = `${path}.${name}`;
    if (name.length > 255 || !isCallable(name))
      throw new SeedError(
        path,
        `found the name ${shown(name)}, expected up to 255 letters, digits, - _ and .`,
      );
    const key = name.toLowerCase();
    if (names.has(key)) throw new SeedError(path, `found the name ${shown(name)} twice, regardless of case`);
    names.add(key);
    text(at, commands);
    const problem = isCommands(commands)
      ? checkCommands(commands)
      : `expected at most ${TEXT_LIMITS.imageFormat} characters`;
    if (problem !== undefined) throw new SeedError(at, problem);
  }
}

const isCommands = (value: unknown): value is string =>
  typeof value === 'string' && value.length <= TEXT_LIMITS.imageFormat;

/**
 * Adds image formats to a company. Those that it has are not changed.
 *
 * @throws SeedError if the company would have too many.
 */
export async function addImageFormats(
  tx: Db,
  company: CompanyRow,
  formats: Readonly<Record<string, string>>,
  path: string,
): Promise<void> {
  const known = await imageFormatsOf(tx, company.id);
  const names = new Set(known.map(({ name }) => name.toLowerCase()));
  const rows = Object.entries(formats)
    .filter(([name]) => !names.has(name.toLowerCase()))
    .map(([name, urlModifier]) => ({ companyId: company.id, name, urlModifier }));
  if (rows.length === 0) return;
  if (known.length + rows.length > MAX_FORMATS)
    throw new SeedError(path, `"${company.name}" would have more than ${MAX_FORMATS} image formats`);
  await tx.insert(t.imageFormats).values(rows);
}
