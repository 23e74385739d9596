import exifReader from 'exif-reader';
import type { Metadata } from 'sharp';
import { type XmpProperties, xmpProperties } from './xmp-packet.js';

/** Metadata embedded in a file. */
export interface EmbeddedMetadata {
  /** By XMP dot key, such as `dc.title`. XMP takes precedence over IPTC, and IPTC over EXIF. */
  readonly properties: XmpProperties;
  /** The original XMP packet of the file, or `undefined` if there is no readable one. */
  readonly packet: string | undefined;
}

/** EXIF fields, with the equivalent XMP property. */
const EXIF_KEYS: Readonly<Record<string, string>> = {
  ImageDescription: 'dc.description',
  Artist: 'dc.creator',
  Copyright: 'dc.rights',
  Make: 'tiff.Make',
  Model: 'tiff.Model',
  Software: 'xmp.CreatorTool',
  DateTime: 'xmp.ModifyDate',
  DateTimeOriginal: 'exif.DateTimeOriginal',
  DateTimeDigitized: 'xmp.CreateDate',
  ExposureTime: 'exif.ExposureTime',
  FNumber: 'exif.FNumber',
  FocalLength: 'exif.FocalLength',
  UserComment: 'exif.UserComment',
  LensModel: 'aux.Lens',
};

/** Fields of IPTC record 2, with the equivalent XMP property, and whether it has several values. */
const IPTC_KEYS: Readonly<Record<number, readonly [key: string, many?: true]>> = {
  5: ['dc.title'],
  25: ['dc.subject', true],
  40: ['photoshop.Instructions'],
  55: ['photoshop.DateCreated'],
  80: ['dc.creator', true],
  85: ['photoshop.AuthorsPosition'],
  90: ['photoshop.City'],
  95: ['photoshop.State'],
  101: ['photoshop.Country'],
  103: ['photoshop.TransmissionReference'],
  105: ['photoshop.Headline'],
  110: ['photoshop.Credit'],
  115: ['photoshop.Source'],
  116: ['dc.rights'],
  120: ['dc.description'],
  122: ['photoshop.CaptionWriter'],
};

/** Maximum characters to keep of one value. */
const MAX_LENGTH = 10_000;

/**
 * Reads EXIF, IPTC and XMP. Skips unreadable metadata: a picture is valid even if its metadata is damaged.
 */
export function embeddedMetadata(
  metadata: Pick<Metadata, 'exif' | 'iptc' | 'xmpAsString'>,
): EmbeddedMetadata {
  const packet = metadata.xmpAsString;
  const xmp = packet === undefined ? undefined : xmpProperties(packet);
  return {
    properties: {
      ...(metadata.exif === undefined ? {} : exifProperties(metadata.exif)),
      ...(metadata.iptc === undefined ? {} : iptcProperties(metadata.iptc)),
      ...xmp,
    },
    // Packets are padded, some with zero bytes, which the database cannot store.
    packet: xmp === undefined ? undefined : packet?.replaceAll('\0', ''),
  };
}

function exifProperties(exif: Buffer): XmpProperties {
  let fields: Record<string, unknown>;
  try {
    const read = exifReader(exif);
    fields = { ...read.Image, ...read.Photo };
  } catch {
    return {};
  }
  const properties: Record<string, string> = {};
  for (const [field, key] of Object.entries(EXIF_KEYS)) {
    const text = textOf(fields[field]);
    if (text !== '') properties[key] = text;
  }
  return properties;
}

function textOf(value: unknown): string {
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? '' : value.toISOString();
  if (typeof value === 'number') return String(value);
  if (typeof value === 'string') return cleaned(value);
  return '';
}

function iptcProperties(iptc: Buffer): XmpProperties {
  const properties: Record<string, string | string[]> = {};
  // The records may be inside a block of Photoshop resources; they begin with 1C 02 either way.
  let at = iptc.indexOf(Buffer.from([0x1c, 0x02]));
  while (at >= 0 && at + 5 <= iptc.length && iptc[at] === 0x1c) {
    const record = iptc[at + 1];
    const length = iptc.readUInt16BE(at + 3);
    // Lengths of 32 KiB and more are encoded differently, which no text field needs.
    if (length > 0x7fff || at + 5 + length > iptc.length) break;
    const known = record === 2 ? IPTC_KEYS[iptc[at + 2] ?? 0] : undefined;
    const text = known === undefined ? '' : cleaned(decoded(iptc.subarray(at + 5, at + 5 + length)));
    if (known !== undefined && text !== '') {
      const [key, many] = known;
      const before = properties[key];
      properties[key] = many ? [...(Array.isArray(before) ? before : []), text] : text;
    }
    at += 5 + length;
  }
  return properties;
}

/** IPTC is UTF-8 today and used to be Latin 1, which is assumed for anything that is not valid UTF-8. */
function decoded(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return bytes.toString('latin1');
  }
}

/** Removes characters that XML or the database cannot store. */
function cleaned(text: string): string {
  return text
    .replaceAll(/(?![\t\n\r])\p{Cc}|[\ufffe\uffff]/gu, '')
    .trim()
    .slice(0, MAX_LENGTH);
}
