import { crc32 } from 'node:zlib';

/** Marks the end of a whole file. */
const MARK = Buffer.from('IPSD');

/** Bytes of the mark, the length and the checksum. */
const SEAL = 12;

/** Most bytes that can be sealed. */
const MAX = 2 ** 32 - 1;

/** Bytes with what shows later that they are whole and unchanged: a mark, their length and their checksum. It costs no room in front. */
export function sealed(data: Uint8Array): readonly Uint8Array[] {
  const seal = Buffer.alloc(SEAL);
  MARK.copy(seal);
  seal.writeUInt32BE(Math.min(data.length, MAX), 4);
  seal.writeUInt32BE(crc32(data), 8);
  return [data, seal];
}

/** The bytes that were sealed; `undefined` when they are not whole. */
export function unsealed(file: Buffer): Uint8Array | undefined {
  const length = file.length - SEAL;
  if (length < 0 || !file.subarray(length, length + MARK.length).equals(MARK)) return undefined;
  const data = file.subarray(0, length);
  return file.readUInt32BE(length + 4) === length && file.readUInt32BE(length + 8) === crc32(data)
    ? data
    : undefined;
}
