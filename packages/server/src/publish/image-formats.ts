import { createHash } from 'node:crypto';
import { DeliveryError, type FindMacro, parseRequest } from '@ips-sdk/delivery';
import { asc, eq } from 'drizzle-orm';
import type { ServerConfig } from '../config.js';
import type { Db } from '../db/db.js';
import * as t from '../db/schema.js';

/** An image format: commands with a name. */
export type ImageFormatRow = typeof t.imageFormats.$inferSelect;

/** Most image formats of a company. Each request for an image may call any of them. */
export const MAX_FORMATS = 1000;

/** Whether image serving can call a format: `$name$` allows no other characters. */
export const isCallable = (name: string): boolean => /^[\w.-]+$/.test(name);

/** Why a request with some commands is refused; `undefined` if it is not. */
export function checkCommands(commands: string): string | undefined {
  try {
    parseRequest(commands);
    return undefined;
  } catch (error) {
    if (error instanceof DeliveryError) return error.message;
    throw error;
  }
}

/** The image formats of a company, in the order of their creation. */
export function imageFormatsOf(db: Db, companyId: number): Promise<ImageFormatRow[]> {
  return db
    .select()
    .from(t.imageFormats)
    .where(eq(t.imageFormats.companyId, companyId))
    .orderBy(asc(t.imageFormats.id));
}

/** The macros that image serving knows for a company. */
export interface CompanyMacros {
  readonly find: FindMacro;
  /** Changes with any of them. */
  readonly version: string;
}

/** The macros of a company: its image formats, then the presets that the server has for all companies. */
export async function macrosOf(
  db: Db,
  { imagePresets }: Pick<ServerConfig, 'imagePresets'>,
  companyId: number,
): Promise<CompanyMacros> {
  const formats = await imageFormatsOf(db, companyId);
  return macrosIn(
    formats.map(({ name, urlModifier }) => [name, urlModifier] as const),
    [...imagePresets],
  );
}

/** Macros in the order of their definition. */
type Definitions = readonly (readonly [name: string, commands: string])[];

interface Definition {
  readonly commands: string;
  /** In the order in which all are defined. */
  readonly position: number;
}

/**
 * A macro calls those that are defined before it. The default catalog, which has the presets of the server, comes before that of the
 * company. Called by a request, a name means the one of the company.
 */
export function macrosIn(ofCompany: Definitions, ofServer: Definitions): CompanyMacros {
  const all = [...ofServer, ...ofCompany];
  const named = new Map<string, Definition[]>();
  for (const [position, [name, commands]] of all.entries()) {
    if (!isCallable(name)) continue;
    const key = name.toLowerCase();
    named.set(key, [...(named.get(key) ?? []), { commands, position }]);
  }
  const findBefore = (name: string, end: number): Definition | undefined =>
    named.get(name)?.findLast(({ position }) => position < end);
  return {
    find: (name, within) => {
      let end = all.length;
      for (const caller of within) end = findBefore(caller, end)?.position ?? 0;
      return findBefore(name, end)?.commands;
    },
    version: createHash('sha256').update(JSON.stringify(all)).digest('hex'),
  };
}
