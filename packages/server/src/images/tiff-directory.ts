import type { FileHandle } from 'node:fs/promises';

/** The first directory of a TIFF. */
export interface TiffDirectory {
  /** The first values of a tag with whole numbers; `undefined` if it has none, or the file ends before them. */
  numbers(tag: number): Promise<readonly number[] | undefined>;
  /** The bytes of a tag; `undefined` if it has none, or the file ends before them, or they are more than `maxBytes`. */
  bytes(tag: number, maxBytes: number): Promise<Buffer | undefined>;
}

/** Maximum entries of a directory and values of an entry to read. */
const MAX_ENTRIES = 4096;
const MAX_VALUES = 16;

/** Bytes of a value, by its type, for the types of whole numbers. */
const SIZES: Readonly<Record<number, number>> = { 1: 1, 3: 2, 4: 4, 13: 4, 16: 8, 18: 8 };

/** The types of bytes. */
const BYTE_TYPES: ReadonlySet<number> = new Set([1, 7]);

/** Reads the first directory of a TIFF, whose values are read on request; `undefined` if it cannot be read. */
export async function readTiffDirectory(file: FileHandle): Promise<TiffDirectory | undefined> {
  const head = await readAt(file, 0, 16);
  const order = head.toString('latin1', 0, 2);
  if (head.length < 8 || (order !== 'II' && order !== 'MM')) return undefined;
  const little = order === 'II';
  const number = (bytes: Buffer, at: number, size: number): number =>
    size === 8
      ? Number(little ? bytes.readBigUInt64LE(at) : bytes.readBigUInt64BE(at))
      : little
        ? bytes.readUIntLE(at, size)
        : bytes.readUIntBE(at, size);
  const big = number(head, 2, 2) === 43;
  if (big && head.length < 16) return undefined;
  const start = big ? number(head, 8, 8) : number(head, 4, 4);
  const countSize = big ? 8 : 2;
  const counted = await readAt(file, start, countSize);
  if (counted.length < countSize) return undefined;
  const count = Math.min(MAX_ENTRIES, number(counted, 0, countSize));
  const entrySize = big ? 20 : 12;
  const room = big ? 8 : 4;
  const directory = await readAt(file, start + countSize, count * entrySize);
  // Of several entries for one tag, the first counts.
  const entries = new Map<
    number,
    { readonly type: number; readonly count: number; readonly place: Buffer }
  >();
  for (let at = 0; at + entrySize <= directory.length; at += entrySize) {
    const tag = number(directory, at, 2);
    if (entries.has(tag)) continue;
    const inline = at + (big ? 12 : 8);
    entries.set(tag, {
      type: number(directory, at + 2, 2),
      count: number(directory, at + 4, room),
      place: directory.subarray(inline, inline + room),
    });
  }
  /** Values that fit are in the entry itself, others where it points to. */
  const contentOf = async (place: Buffer, length: number): Promise<Buffer | undefined> => {
    const bytes =
      length <= room ? place.subarray(0, length) : await readAt(file, number(place, 0, room), length);
    return bytes.length < length ? undefined : bytes;
  };
  return {
    numbers: async (tag) => {
      const entry = entries.get(tag);
      const size = entry === undefined ? undefined : SIZES[entry.type];
      if (entry === undefined || size === undefined) return undefined;
      const values = Math.min(MAX_VALUES, entry.count);
      const bytes = await contentOf(entry.place, values * size);
      return bytes === undefined
        ? undefined
        : Array.from({ length: values }, (_, index) => number(bytes, index * size, size));
    },
    bytes: async (tag, maxBytes) => {
      const entry = entries.get(tag);
      if (entry === undefined || !BYTE_TYPES.has(entry.type) || entry.count > maxBytes) return undefined;
      return contentOf(entry.place, entry.count);
    },
  };
}

async function readAt(file: FileHandle, position: number, length: number): Promise<Buffer> {
  if (!Number.isSafeInteger(position + length) || length <= 0) return Buffer.alloc(0);
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, position);
  return buffer.subarray(0, bytesRead);
}
