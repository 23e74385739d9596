// Changes to HEIC files that no tool here writes.

interface Box {
  readonly type: string;
  readonly start: number;
  readonly end: number;
}

function boxes(file: Buffer, from: number, to: number): Box[] {
  const found: Box[] = [];
  for (let at = from; at + 8 <= to; ) {
    const length = file.readUInt32BE(at);
    found.push({ type: file.toString('latin1', at + 4, at + 8), start: at, end: at + length });
    at += length;
  }
  return found;
}

function inside(file: Buffer, path: readonly string[], from = 0, to = file.length): Box[] {
  const [type = '', ...rest] = path;
  const box = boxes(file, from, to).find((each) => each.type === type);
  if (box === undefined) throw new Error(`${type}: no such box`);
  // The box `meta` begins with a version.
  const more = rest.length === 0 ? [] : inside(file, rest, box.start + (type === 'meta' ? 12 : 8), box.end);
  return [box, ...more];
}

/** A file whose images are to be turned by quarters, against the clock. */
export const withRotation = (file: Buffer, quarters: number): Buffer =>
  withProperty(file, 'irot', Buffer.from([quarters]));

/** A file whose images have an ICC profile. */
export const withIccProfile = (file: Buffer, profile: Uint8Array): Buffer =>
  withProperty(file, 'colr', Buffer.concat([Buffer.from('prof'), profile]));

/** Adds a property to all images of a file. */
function withProperty(file: Buffer, type: string, content: Buffer): Buffer {
  const property = Buffer.concat([Buffer.from('\0\0\0\0'), Buffer.from(type), content]);
  property.writeUInt32BE(property.length);
  const [meta, iprp, ipco] = inside(file, ['meta', 'iprp', 'ipco']);
  const [, , ipma] = inside(file, ['meta', 'iprp', 'ipma']);
  if (meta === undefined || iprp === undefined || ipco === undefined || ipma === undefined)
    throw new Error('no boxes');
  const number = boxes(file, ipco.start + 8, ipco.end).length + 1;
  const wide = (file.readUInt8(ipma.start + 11) & 1) === 1;
  const longIds = file.readUInt8(ipma.start + 8) >= 1;
  const mark = wide ? [0x80 | (number >> 8), number & 0xff] : [0x80 | number];
  const count = file.readUInt32BE(ipma.start + 12);
  const entries: Buffer[] = [file.subarray(ipma.start, ipma.start + 16)];
  let at = ipma.start + 16;
  for (let index = 0; index < count; index += 1) {
    const head = longIds ? 4 : 2;
    const length = file.readUInt8(at + head);
    const end = at + head + 1 + length * (wide ? 2 : 1);
    const entry = Buffer.from(file.subarray(at, end));
    entry.writeUInt8(length + 1, head);
    entries.push(entry, Buffer.from(mark));
    at = end;
  }
  const newIpma = Buffer.concat(entries);
  newIpma.writeUInt32BE(newIpma.length);
  const added = property.length + newIpma.length - (ipma.end - ipma.start);
  const result = Buffer.concat([
    file.subarray(0, ipco.end),
    property,
    file.subarray(ipco.end, ipma.start),
    newIpma,
    file.subarray(ipma.end),
  ]);
  for (const [box, more] of [
    [meta, added],
    [iprp, added],
    [ipco, property.length],
  ] as const)
    result.writeUInt32BE(box.end - box.start + more, box.start);
  shiftItems(result, meta.end, added);
  return result;
}

/** The places of the items move with what was inserted before them. */
function shiftItems(file: Buffer, after: number, by: number): void {
  const [, iloc] = inside(file, ['meta', 'iloc']);
  if (iloc === undefined) throw new Error('iloc: no such box');
  const version = file.readUInt8(iloc.start + 8);
  const sizes = file.readUInt16BE(iloc.start + 12);
  const [offsetSize, lengthSize, baseSize, indexSize] = [
    sizes >> 12,
    (sizes >> 8) & 15,
    (sizes >> 4) & 15,
    sizes & 15,
  ];
  let at = iloc.start + 14;
  const count = version < 2 ? file.readUInt16BE(at) : file.readUInt32BE(at);
  at += version < 2 ? 2 : 4;
  for (let item = 0; item < count; item += 1) {
    at += version < 2 ? 2 : 4;
    const method = version === 0 ? 0 : file.readUInt16BE(at) & 15;
    at += (version === 0 ? 0 : 2) + 2;
    if (baseSize > 0) {
      const base = file.readUIntBE(at + baseSize - 4, 4);
      if (method === 0 && base >= after) file.writeUIntBE(base + by, at + baseSize - 4, 4);
    }
    at += baseSize;
    const extents = file.readUInt16BE(at);
    at += 2;
    for (let extent = 0; extent < extents; extent += 1) {
      if (version > 0) at += indexSize;
      const offset = offsetSize === 0 ? 0 : file.readUIntBE(at + offsetSize - 4, 4);
      if (method === 0 && offset >= after) file.writeUIntBE(offset + by, at + offsetSize - 4, 4);
      at += offsetSize + lengthSize;
    }
  }
}
