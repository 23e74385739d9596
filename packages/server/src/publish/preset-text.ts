import { eq } from 'drizzle-orm';
import { storedViewerSettings } from '../assets/viewer-settings.js';
import { anyOf } from '../db/any-of.js';
import type { Db } from '../db/db.js';
import * as t from '../db/schema.js';
import { parseAssetHandle } from '../handles.js';
import type { SetText } from '../sets/set-text.js';

/** Names of settings that user data can contain. A colon is documented to be impossible there. */
const POSSIBLE_NAME = /^[^:=\p{Cc}]+$/u;

/**
 * The published texts of viewer presets: a line `name=value` for each setting, as the user data of the catalog has them. The value of a
 * setting that names an asset is the asset's catalog id with the root of its company; that of an asset in the trash is empty.
 */
export async function presetTexts(
  db: Db,
  presets: readonly { readonly id: number }[],
): Promise<Map<number, SetText>> {
  const viewers = await storedViewerSettings(
    db,
    presets.map(({ id }) => id),
  );
  const handles = [...viewers.values()].flatMap(({ settings }) =>
    settings.flatMap(({ handle }) => handle ?? []),
  );
  const names = await catalogNames(db, handles);
  return new Map(
    presets.map(({ id }): [number, SetText] => {
      const settings = viewers.get(id)?.settings ?? [];
      const impossible = settings.filter(({ name }) => !POSSIBLE_NAME.test(name)).map(({ name }) => name);
      const gone = settings.flatMap(({ handle }) =>
        handle !== undefined && !names.has(handle) ? [handle] : [],
      );
      const lines = settings
        .filter(({ name }) => POSSIBLE_NAME.test(name))
        .map(
          ({ name, value, handle }) =>
            `${name}=${oneLine(handle === undefined ? (value ?? '') : (names.get(handle) ?? ''))}`,
        );
      const warnings = [
        impossible.length === 0
          ? []
          : `it is published without settings whose names contain colons or equals signs: ${impossible.join(', ')}`,
        gone.length === 0
          ? []
          : `its settings name assets that are in the trash or deleted: ${gone.join(', ')}`,
      ].flat();
      return [id, { text: lines.join('\r\n'), warning: warnings.join('; ') || undefined }];
    }),
  );
}

const oneLine = (value: string): string => value.replaceAll(/[\r\n]+/g, ' ');

/** Catalog ids by handle, of assets that are not in the trash. */
async function catalogNames(db: Db, handles: readonly string[]): Promise<ReadonlyMap<string, string>> {
  if (handles.length === 0) return new Map();
  const ids = handles.map((handle) => parseAssetHandle(handle) ?? -1);
  const { id, name, companyId, trashState } = t.assets;
  const rows = await db
    .select({ id, name, root: t.companies.rootPath, trashState })
    .from(t.assets)
    .innerJoin(t.companies, eq(t.companies.id, companyId))
    .where(anyOf(id, [...new Set(ids)]));
  const byId = new Map(
    rows.filter((row) => row.trashState === 'NotInTrash').map((row) => [row.id, `${row.root}${row.name}`]),
  );
  return new Map(
    handles.flatMap((handle, index) => {
      const found = byId.get(ids[index] ?? -1);
      return found === undefined ? [] : [[handle, found] as const];
    }),
  );
}
