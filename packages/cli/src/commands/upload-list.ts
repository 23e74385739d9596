import type { UploadUrl } from '@ips-sdk/types';
import { CliError } from '../cli-error.js';
import { EXIT } from '../exit-code.js';
import { parseCsv } from './csv.js';

/**
 * The URLs of a list: CSV with a URL and a destination on each line, in this order or in that of a header line; or only a URL,
 * whose file goes into the folder under its own name.
 *
 * @throws CliError with the line that is wrong.
 */
export function readUrlList(text: string, file: string, folder: string | undefined): UploadUrl[] {
  let records: ReturnType<typeof parseCsv>;
  try {
    records = parseCsv(text);
  } catch (error) {
    throw new CliError(EXIT.usage, `${file}: ${(error as Error).message}`);
  }
  const [head] = records;
  const names = head?.values.map((name) => name.toLowerCase()) ?? [];
  const hasHead = names.some((name) => /^(?:sourceurl|url|source)$/.test(name));
  const urlColumn = hasHead ? names.findIndex((name) => /^(?:sourceurl|url|source)$/.test(name)) : 0;
  const destColumn = hasHead ? names.findIndex((name) => /^(?:destpath|dest|path|to)$/.test(name)) : 1;
  return records.slice(hasHead ? 1 : 0).map(({ line, values }) => {
    const sourceUrl = values[urlColumn] ?? '';
    if (!URL.canParse(sourceUrl)) {
      throw new CliError(
        EXIT.usage,
        `${file}, line ${line}: ${JSON.stringify(sourceUrl)} is not a URL`,
        'each line is sourceUrl,destPath or just a URL',
      );
    }
    const dest = destColumn === -1 ? undefined : values[destColumn];
    return { sourceUrl, destPath: placeOf(dest, sourceUrl, folder, `${file}, line ${line}`) };
  });
}

function placeOf(
  dest: string | undefined,
  sourceUrl: string,
  folder: string | undefined,
  where: string,
): string {
  if (dest !== undefined && dest !== '') return folder === undefined ? dest : `${folder}${dest}`;
  const name = decoded(new URL(sourceUrl).pathname.split('/').at(-1) ?? '');
  if (name === '' || folder === undefined) {
    throw new CliError(
      EXIT.usage,
      `${where}: no destination for ${sourceUrl}`,
      'add a second column, MyCompany/Shoes/red.tif, or give --to MyCompany/Shoes/',
    );
  }
  return `${folder}${name}`;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
