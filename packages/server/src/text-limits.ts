/**
 * Maximum characters of texts in requests, for all operations and transports. What the server stores comes from requests, so that no longer
 * text is stored. The service has limits, which are not documented.
 */
export const TEXT_LIMITS = {
  /** Names and types that users choose, as those of jobs. */
  name: 255,
  /** A text of an event of the Media Portal. A response can contain 10,000 events. */
  portalEvent: 1000,
  /** A value of a viewer or of a publish context, which can have a thousand. */
  setting: 10_000,
  /** The commands of an image format. */
  imageFormat: 10_000,
  /** All other texts. */
  text: 100_000,
  /** The definition of a set, which names all its assets. */
  setDefinition: 1_000_000,
} as const;

/** Fields with a limit other than the general one, in all requests that have them. Handlers check what only one operation has. */
const OF_FIELDS: Readonly<Record<string, number>> = {
  setDefinition: TEXT_LIMITS.setDefinition,
};

/** A text that is too long. */
export interface LongText {
  /** Its place in the request. */
  readonly path: string;
  readonly length: number;
  readonly limit: number;
}

/**
 * The first text of a request that is too long.
 *
 * @param isContent - Whether a field, by its name, is the content of a file, which has limits in bytes.
 */
export function longText(input: object, isContent: (field: string) => boolean): LongText | undefined {
  return longIn(input, '', TEXT_LIMITS.text, isContent);
}

function longIn(
  value: unknown,
  path: string,
  limit: number,
  isContent: (field: string) => boolean,
): LongText | undefined {
  if (typeof value === 'string')
    return value.length > limit ? { path, length: value.length, limit } : undefined;
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) {
      const found = longIn(item, `${path}[${index}]`, limit, isContent);
      if (found !== undefined) return found;
    }
    return undefined;
  }
  // Bytes and dates have no fields of their own.
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return undefined;
  for (const [field, each] of Object.entries(value)) {
    if (isContent(field)) continue;
    const place = path === '' ? field : `${path}.${field}`;
    const found = longIn(each, place, OF_FIELDS[field] ?? TEXT_LIMITS.text, isContent);
    if (found !== undefined) return found;
  }
  return undefined;
}
