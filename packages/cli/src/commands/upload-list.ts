import type { UploadUrl } from '@ips-sdk/types';
import { CliError } from '../cli-error.js';
import { EXIT } from '../exit-code.js';
import { delimiterOf, parseCsv } from './csv.js';

/**
 * Reads a list of URLs: CSV with a URL and a destination per line, in this order or in the order of a header line. A file without a
 * destination goes into the folder under its own name.
 *
 * @throws CliError with the line of an invalid value.
 */
export function readUrlList(text: string, file: string, folder: string | undefined): UploadUrl[] {
  let records: ReturnType<typeof parseCsv>;
  try {
    records = parseCsv(text, listDelimiter(text));
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
        `${file}, line ${line}: expected a URL, found ${JSON.stringify(sourceUrl)}`,
        'each line is sourceUrl,destPath or only a URL',
      );
    }
    const dest = destColumn === -1 ? undefined : values[destColumn];
    return { sourceUrl, destPath: placeOf(dest, sourceUrl, folder, `${file}, line ${line}`) };
  });
}

/** The delimiter of a list. Without a header, semicolons may be parts of URLs. */
function listDelimiter(text: string): string {
  const delimiter = delimiterOf(text);
  return delimiter === ';' && /^\ufeff?\s*"?https?:/i.test(text) ? ',' : delimiter;
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
