/** Pixels of CMYK with 8 bits per channel, with or without alpha. */
interface Inks {
  readonly data: Uint8Array | Uint16Array;
  readonly width: number;
  readonly height: number;
  readonly channels: number;
}

/** Types of values in a TIFF. */
const SHORT = 3;
const LONG = 4;
const UNDEFINED = 7;

const SEPARATED = 5;
const UNASSOCIATED_ALPHA = 2;

/** Pixels of CMYK as a TIFF without compression: the image library takes raw pixels for colors of a screen. */
export function cmykTiff({ data, width, height, channels }: Inks, profile: Uint8Array | undefined): Buffer {
  const hasAlpha = channels === 5;
  const sizes = Buffer.alloc(channels * 2);
  for (let index = 0; index < channels; index += 1) sizes.writeUInt16LE(8, index * 2);
  const pixels = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  const entries = 10 + (hasAlpha ? 1 : 0) + (profile === undefined ? 0 : 1);
  const sizesAt = 8 + 2 + entries * 12 + 4;
  const profileAt = sizesAt + sizes.length;
  const profileLength = profile === undefined ? 0 : profile.length + (profile.length % 2);
  const pixelsAt = profileAt + profileLength + ((profileAt + profileLength) % 2);
  const head = Buffer.alloc(pixelsAt);
  head.write('II*\0', 'latin1');
  head.writeUInt32LE(8, 4);
  head.writeUInt16LE(entries, 8);
  let at = 10;
  const entry = (tag: number, type: number, count: number, value: number): void => {
    head.writeUInt16LE(tag, at);
    head.writeUInt16LE(type, at + 2);
    head.writeUInt32LE(count, at + 4);
    head.writeUInt32LE(value, at + 8);
    at += 12;
  };
  entry(256, LONG, 1, width);
  entry(257, LONG, 1, height);
  entry(258, SHORT, channels, sizesAt);
  entry(259, SHORT, 1, 1);
  entry(262, SHORT, 1, SEPARATED);
  entry(273, LONG, 1, pixelsAt);
  entry(277, SHORT, 1, channels);
  entry(278, LONG, 1, height);
  entry(279, LONG, 1, pixels.length);
  entry(332, SHORT, 1, 1);
  if (hasAlpha) entry(338, SHORT, 1, UNASSOCIATED_ALPHA);
  if (profile !== undefined) entry(34675, UNDEFINED, profile.length, profileAt);
  head.set(sizes, sizesAt);
  if (profile !== undefined) head.set(profile, profileAt);
  return Buffer.concat([head, pixels]);
}
