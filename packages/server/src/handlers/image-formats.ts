import { and, eq, ne } from 'drizzle-orm';
import { type Call, companyOf } from '../access/call.js';
import { equalsIgnoreCase } from '../db/ignore-case.js';
import * as t from '../db/schema.js';
import { alreadyExists, invalidParameter, ruleBroken, unknownHandle } from '../faults.js';
import { imageFormatHandle, parseImageFormatHandle } from '../handles.js';
import {
  checkCommands,
  type ImageFormatRow,
  imageFormatsOf,
  isCallable,
  MAX_FORMATS,
} from '../publish/image-formats.js';
import { TEXT_LIMITS } from '../text-limits.js';
import type { AreaHandlers } from './handler.js';

/** Operations on image formats, which image URLs call as `$name$`. Changes take effect at once. */
export const imageFormatHandlers: AreaHandlers = {
  getImageFormats: async (_input, call) => {
    const rows = await imageFormatsOf(call.db, companyOf(call).id);
    return {
      imageFormatArray: rows.map((row) => ({
        imageFormatHandle: imageFormatHandle(row),
        name: row.name,
        urlModifier: row.urlModifier,
      })),
    };
  },

  saveImageFormat: async (input, call) => {
    const company = companyOf(call);
    const name = checkedName(input.name);
    const urlModifier = checkedCommands(input.urlModifier);
    const { imageFormatHandle: handle } = input;
    const known = handle === undefined ? undefined : await findFormat(call, handle);
    const saved = await call.db.transaction(async (tx) => {
      const { id, companyId } = t.imageFormats;
      const [other] = await tx
        .select({ id })
        .from(t.imageFormats)
        .where(
          and(
            eq(companyId, company.id),
            equalsIgnoreCase(t.imageFormats.name, name),
            known === undefined ? undefined : ne(id, known.id),
          ),
        );
      if (other !== undefined) throw alreadyExists('name', name);
      if (known === undefined && (await tx.$count(t.imageFormats, eq(companyId, company.id))) >= MAX_FORMATS)
        throw ruleBroken(`The company has ${MAX_FORMATS} image formats already; delete one first`);
      const values = { companyId: company.id, name, urlModifier };
      const [row] =
        known === undefined
          ? await tx.insert(t.imageFormats).values(values).returning()
          : await tx.update(t.imageFormats).set(values).where(eq(id, known.id)).returning();
      // Deleted by another call since it was found.
      if (row === undefined) throw unknownHandle('imageFormatHandle', handle ?? '');
      return row;
    });
    call.services.lookups.forget();
    warnOf(call, saved);
    return { imageFormatHandle: imageFormatHandle(saved) };
  },

  deleteImageFormat: async (input, call) => {
    const format = await findFormat(call, input.imageFormatHandle);
    await call.db.delete(t.imageFormats).where(eq(t.imageFormats.id, format.id));
    call.services.lookups.forget();
    return {};
  },
};

/** @throws IpsFault 30001 when the company has no such image format. */
async function findFormat(call: Call, handle: string): Promise<ImageFormatRow> {
  const company = companyOf(call);
  const parsed = parseImageFormatHandle(handle);
  const [row] =
    parsed?.companyId !== company.id
      ? []
      : await call.db
          .select()
          .from(t.imageFormats)
          .where(and(eq(t.imageFormats.id, parsed.id), eq(t.imageFormats.companyId, company.id)));
  if (row === undefined) throw unknownHandle('imageFormatHandle', handle);
  return row;
}

function checkedName(given: string): string {
  const name = given.trim();
  if (name === '' || name.length > TEXT_LIMITS.name || /\p{Cc}/u.test(name)) {
    throw invalidParameter(
      'name',
      given,
      `a name of 1 to ${TEXT_LIMITS.name} characters, without control characters`,
    );
  }
  return name;
}

/** Commands as they are stored: the documented sample has a line break behind an `&`, and blanks at its end. */
function checkedCommands(given: string): string {
  const commands = given
    .split('&')
    .map((part) => part.trim())
    .join('&');
  if (commands.length > TEXT_LIMITS.imageFormat || /\p{Cc}/u.test(commands))
    throw invalidParameter(
      'urlModifier',
      given,
      `image serving commands: at most ${TEXT_LIMITS.imageFormat} characters, without control characters`,
    );
  return commands;
}

/** Logs why image serving cannot use a format. The service stores any, as its documented sample shows. */
function warnOf({ services }: Call, { companyId, name, urlModifier }: ImageFormatRow): void {
  const about = { companyId, imageFormat: name };
  if (!isCallable(name))
    services.log.warn(
      about,
      'image URLs cannot call this image format: its name needs letters, digits, - _ .',
    );
  const problem = checkCommands(urlModifier);
  if (problem !== undefined) services.log.warn(about, `images cannot be delivered with it: ${problem}`);
}
