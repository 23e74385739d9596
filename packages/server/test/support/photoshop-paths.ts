// Saved paths as Photoshop writes them, and files that contain them.

/** A point in parts of the image. */
export type PathXY = readonly [x: number, y: number];

/** A curve: its knots, each with the control point before it, its place, and the control point after it. */
export interface DrawnCurve {
  readonly closed?: boolean;
  readonly knots: readonly (readonly [before: PathXY, anchor: PathXY, after: PathXY])[];
}

/** A closed curve of straight lines. */
export const polygon = (...points: readonly PathXY[]): DrawnCurve => ({
  knots: points.map((point) => [point, point, point]),
});

/** A block of resources with the paths, from number 2000 on, between other resources. */
export function pathBlock(
  paths: readonly (readonly [name: string | Buffer, ...curves: DrawnCurve[]])[],
): Buffer {
  return Buffer.concat([
    resource(1005, '', Buffer.alloc(16)),
    ...paths.map(([name, ...curves], index) => resource(2000 + index, name, records(curves))),
    resource(2999, '', Buffer.from('\x06Path 1\0', 'latin1')),
  ]);
}

/** One resource. */
export function resource(id: number, name: string | Buffer, data: Uint8Array): Buffer {
  const label = typeof name === 'string' ? Buffer.from(name, 'utf8') : name;
  const named = Buffer.concat([Buffer.from([label.length]), label, Buffer.alloc((label.length + 1) % 2)]);
  const head = Buffer.from('8BIM\0\0', 'latin1');
  head.writeUInt16BE(id, 4);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  return Buffer.concat([head, named, length, data, Buffer.alloc(data.length % 2)]);
}

function records(curves: readonly DrawnCurve[]): Buffer {
  const all = [record(6), record(8)];
  for (const { closed = true, knots } of curves) {
    const start = record(closed ? 0 : 3);
    start.writeUInt16BE(knots.length, 2);
    all.push(start);
    for (const points of knots) {
      const knot = record(closed ? 1 : 4);
      points.forEach(([x, y], index) => {
        knot.writeInt32BE(Math.round(y * 2 ** 24), 2 + index * 8);
        knot.writeInt32BE(Math.round(x * 2 ** 24), 6 + index * 8);
      });
      all.push(knot);
    }
  }
  return Buffer.concat(all);
}

function record(selector: number): Buffer {
  const bytes = Buffer.alloc(26);
  bytes.writeUInt16BE(selector);
  return bytes;
}

/** A JPEG with a block of resources, in as many segments as it needs. */
export function jpegWithBlock(jpeg: Buffer, block: Buffer, most = 65_000): Buffer {
  const segments: Buffer[] = [];
  for (let start = 0; start < block.length; start += most) {
    const part = block.subarray(start, start + most);
    const head = Buffer.from('\xff\xed\0\0Photoshop 3.0\0', 'latin1');
    head.writeUInt16BE(16 + part.length, 2);
    segments.push(head, part);
  }
  return Buffer.concat([jpeg.subarray(0, 2), ...segments, jpeg.subarray(2)]);
}

/** A Photoshop file with a block of resources instead of its own. */
export function photoshopWithBlock(file: Buffer, block: Buffer): Buffer {
  const at = 30 + file.readUInt32BE(26);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(block.length);
  return Buffer.concat([file.subarray(0, at), length, block, file.subarray(at + 4 + file.readUInt32BE(at))]);
}
