import type { VignettePublishFormat } from '@ips-sdk/types';
import { and, asc, eq } from 'drizzle-orm';
import { type Call, companyOf } from '../access/call.js';
import { equalsIgnoreCase } from '../db/ignore-case.js';
import * as t from '../db/schema.js';
import { alreadyExists, invalidParameter, ruleBroken, unknownHandle } from '../faults.js';
import { companyHandle, parseVignetteFormatHandle, vignetteFormatHandle } from '../handles.js';
import type { AreaHandlers } from './handler.js';

type FormatRow = typeof t.vignetteFormats.$inferSelect;
type FormatValues = Omit<FormatRow, 'id' | 'companyId'>;

/** Maximum number of formats of a company. */
const MAX_FORMATS = 1000;

/**
 * Operations on the formats in which vignettes are to be published. They are stored: this server does not render vignettes, so a
 * publish sends each at its own size, with a warning.
 */
export const vignetteFormatHandlers: AreaHandlers = {
  getVignettePublishFormats: async (_input, call) => {
    const rows = await call.db
      .select()
      .from(t.vignetteFormats)
      .where(eq(t.vignetteFormats.companyId, companyOf(call).id))
      .orderBy(asc(t.vignetteFormats.id));
    return { vignetteFormatArray: rows.map(formatRecord) };
  },

  createVignettePublishFormat: async (input, call) => {
    const { companyHandle: _company, ...given } = input;
    const values = checked(given);
    const company = companyOf(call);
    const others = await call.db.$count(t.vignetteFormats, eq(t.vignetteFormats.companyId, company.id));
    if (others >= MAX_FORMATS)
      throw ruleBroken(`the company has ${others} vignette formats; at most ${MAX_FORMATS}`);
    const [row] = await call.db
      .insert(t.vignetteFormats)
      .values({ ...values, companyId: company.id })
      .onConflictDoNothing()
      .returning();
    if (row === undefined) throw alreadyExists('name', values.name);
    return { vignetteFormatHandle: vignetteFormatHandle(row) };
  },

  // Omitted fields keep their values.
  updateVignettePublishFormat: async (input, call) => {
    const { companyHandle: _company, vignetteFormatHandle: handle, ...given } = input;
    const format = await findFormat(call, handle);
    const { id, companyId, ...before } = format;
    const changes = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
    const values = checked({ ...before, ...changes });
    await call.db.transaction(async (tx) => {
      const [other] = await tx
        .select({ id: t.vignetteFormats.id })
        .from(t.vignetteFormats)
        .where(
          and(
            eq(t.vignetteFormats.companyId, companyId),
            equalsIgnoreCase(t.vignetteFormats.name, values.name),
          ),
        );
      if (other !== undefined && other.id !== id) throw alreadyExists('name', values.name);
      await tx.update(t.vignetteFormats).set(values).where(eq(t.vignetteFormats.id, id));
    });
    return { vignetteFormatHandle: vignetteFormatHandle(format) };
  },

  deleteVignettePublishFormat: async (input, call) => {
    const { id } = await findFormat(call, input.vignetteFormatHandle);
    await call.db.delete(t.vignetteFormats).where(eq(t.vignetteFormats.id, id));
    return {};
  },
};

/** @throws IpsFault 30001 when the company has no such format. */
async function findFormat(call: Call, handle: string): Promise<FormatRow> {
  const company = companyOf(call);
  const parsed = parseVignetteFormatHandle(handle);
  const [row] =
    parsed === undefined || parsed.companyId !== company.id
      ? []
      : await call.db
          .select()
          .from(t.vignetteFormats)
          .where(and(eq(t.vignetteFormats.companyId, company.id), eq(t.vignetteFormats.id, parsed.id)));
  if (row === undefined) throw unknownHandle('vignetteFormatHandle', handle);
  return row;
}

/** @throws IpsFault 30001 for a value outside its range. */
function checked(values: FormatValues): FormatValues {
  const { sizeSuffixSeparator } = values;
  const name = values.name.trim();
  if (name === '' || name.length > 255 || /\p{Cc}/u.test(name))
    throw invalidParameter('name', values.name, 'a name of 1 to 255 characters without control characters');
  for (const field of ['targetWidth', 'targetHeight', 'thumbWidth', 'saveAsVersion', 'sharpen'] as const)
    if (values[field] < 0) throw invalidParameter(field, values[field], 'a whole number from 0');
  for (const field of ['usmAmount', 'usmRadius'] as const)
    if (!(values[field] >= 0 && Number.isFinite(values[field])))
      throw invalidParameter(field, values[field], 'a number from 0');
  if (values.usmThreshold < 0 || values.usmThreshold > 255)
    throw invalidParameter('usmThreshold', values.usmThreshold, 'a whole number from 0 to 255');
  // It becomes part of a file name.
  if (!/^[^/\\\p{Cc}]{1,32}$/u.test(sizeSuffixSeparator))
    throw invalidParameter(
      'sizeSuffixSeparator',
      sizeSuffixSeparator,
      '1 to 32 characters without slashes or control characters',
    );
  return { ...values, name };
}

function formatRecord(row: FormatRow): VignettePublishFormat {
  const { id: _id, companyId, ...values } = row;
  return {
    companyHandle: companyHandle(companyId),
    vignetteFormatHandle: vignetteFormatHandle(row),
    ...values,
  };
}
