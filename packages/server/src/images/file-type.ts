/** What a file is: an asset type of the API, and its media type. */
export interface FileType {
  /** An asset type, such as `Image`. */
  readonly type: string;
  readonly mediaType: string;
}

/** The media type of Photoshop files. */
export const PHOTOSHOP = 'image/vnd.adobe.photoshop';

/** Bytes from the start of a file that {@link fileTypeOf} looks at. */
export const HEAD_BYTES = 4096;

const kind = (type: string, mediaType: string): FileType => ({ type, mediaType });

const ZIP = kind('Zip', 'application/zip');
const TAR = kind('Zip', 'application/x-tar');
const GZIP = kind('Zip', 'application/gzip');
const POSTSCRIPT = kind('PostScript', 'application/postscript');
const ILLUSTRATOR = kind('Illustrator', 'application/illustrator');
const XML = kind('Xml', 'application/xml');

/** Types that cannot be recognized by content. */
const BY_EXTENSION: Readonly<Record<string, FileType>> = {
  css: kind('Css', 'text/css'),
  js: kind('Javascript', 'text/javascript'),
  vtt: kind('VideoCaption', 'text/vtt'),
  srt: kind('VideoCaption', 'application/x-subrip'),
  joboptions: kind('PDFSettings', 'application/x-joboptions'),
  aco: kind('Aco', 'application/x-photoshop-swatches'),
  afm: kind('Font', 'application/x-font-afm'),
  pfm: kind('Font', 'application/x-font-pfm'),
  vnt: kind('Vignette', 'application/x-vignette'),
  vnc: kind('Cabinet', 'application/x-cabinet'),
  vnw: kind('WindowCovering', 'application/x-window-covering'),
  swc: kind('Swc', 'application/x-swc'),
  mts: kind('Video', 'video/mp2t'),
  m2ts: kind('Video', 'video/mp2t'),
  mp3: kind('Audio', 'audio/mpeg'),
  aac: kind('Audio', 'audio/aac'),
};

/** Files that share a format, such as ZIP, but have another type because of the program that wrote them. */
const ZIP_DOCUMENTS: Readonly<Record<string, FileType>> = {
  docx: kind('Word', 'application/vnd.openxmlformats-officedocument.wordprocessingml.document'),
  xlsx: kind('Excel', 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'),
  pptx: kind('PowerPoint', 'application/vnd.openxmlformats-officedocument.presentationml.presentation'),
  idml: kind('InDesign', 'application/vnd.adobe.indesign-idml-package'),
  swc: kind('Swc', 'application/x-swc'),
};

const OLE_DOCUMENTS: Readonly<Record<string, FileType>> = {
  doc: kind('Word', 'application/msword'),
  xls: kind('Excel', 'application/vnd.ms-excel'),
  ppt: kind('PowerPoint', 'application/vnd.ms-powerpoint'),
};

const MAGIC: readonly (readonly [offset: number, bytes: string, type: FileType])[] = [
  [0, '\xff\xd8\xff', kind('Image', 'image/jpeg')],
  [0, '\x89PNG\r\n\x1a\n', kind('Image', 'image/png')],
  [0, 'GIF87a', kind('Image', 'image/gif')],
  [0, 'GIF89a', kind('Image', 'image/gif')],
  [0, 'II*\0', kind('Image', 'image/tiff')],
  [0, 'MM\0*', kind('Image', 'image/tiff')],
  [0, 'II+\0', kind('Image', 'image/tiff')],
  [0, 'MM\0+', kind('Image', 'image/tiff')],
  [0, '8BPS', kind('Image', PHOTOSHOP)],
  [0, '\0\0\0\x0cjP  \r\n\x87\n', kind('Image', 'image/jp2')],
  [0, '\xff\x4f\xff\x51', kind('Image', 'image/jp2')],
  [0, 'OTTO', kind('Font', 'font/otf')],
  [0, '\0\x01\0\0\0', kind('Font', 'font/ttf')],
  [0, 'true\0', kind('Font', 'font/ttf')],
  [0, 'ttcf', kind('Font', 'font/collection')],
  [0, '\x80\x01', kind('Font', 'application/x-font-type1')],
  [0, '%!PS-AdobeFont', kind('Font', 'application/x-font-type1')],
  [0, '%!FontType1', kind('Font', 'application/x-font-type1')],
  [0, 'StartFontMetrics', kind('Font', 'application/x-font-afm')],
  [36, 'acsp', kind('IccProfile', 'application/vnd.iccprofile')],
  [0, '{\\rtf', kind('Rtf', 'application/rtf')],
  [0, 'FWS', kind('Flash', 'application/x-shockwave-flash')],
  [0, 'CWS', kind('Flash', 'application/x-shockwave-flash')],
  [0, 'ZWS', kind('Flash', 'application/x-shockwave-flash')],
  [
    0,
    '\x06\x06\xed\xf5\xd8\x1d\x46\xe5\xbd\x31\xef\xe7\xfe\x74\xb7\x1d',
    kind('InDesign', 'application/x-indesign'),
  ],
  [0, 'FLV\x01', kind('Video', 'video/x-flv')],
  [0, '\x1aE\xdf\xa3', kind('Video', 'video/webm')],
  [0, '\0\0\x01\xba', kind('Video', 'video/mpeg')],
  [0, '\0\0\x01\xb3', kind('Video', 'video/mpeg')],
  [0, 'ID3', kind('Audio', 'audio/mpeg')],
  [0, 'fLaC', kind('Audio', 'audio/flac')],
  [0, 'WEBVTT', kind('VideoCaption', 'text/vtt')],
  [257, 'ustar', TAR],
  [0, '\x1f\x8b', GZIP],
];

/** Extensions of images that the image library decodes, for error messages. */
const IMAGE_EXTENSIONS = new Set([
  'jpg',
  'jpeg',
  'jpe',
  'png',
  'gif',
  'tif',
  'tiff',
  'webp',
  'avif',
  'bmp',
  'psd',
]);

/**
 * The type of a file: by its content, or by its extension if the content does not show it.
 *
 * @param head - The first {@link HEAD_BYTES} bytes, or all of a shorter file.
 * @returns `undefined` for an unknown type, even if the extension claims one that the content contradicts.
 */
export function fileTypeOf(head: Uint8Array, fileName: string): FileType | undefined {
  const extension = extensionOf(fileName);
  const text = Buffer.from(head.buffer, head.byteOffset, head.byteLength).toString('latin1');
  return (
    byContainer(text, extension) ??
    MAGIC.find(([offset, bytes]) => text.startsWith(bytes, offset))?.[2] ??
    byMarkup(text) ??
    byExtension(text, extension)
  );
}

/** The extension of a file name in lower case, without its dot; empty when there is none. */
export function extensionOf(fileName: string): string {
  return /[^/]\.([^./]+)$/.exec(fileName)?.[1]?.toLowerCase() ?? '';
}

/** The name of a file without folders and extension, which is the name of its asset. */
export function baseNameOf(path: string): string {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const dot = name.lastIndexOf('.');
  return dot > 0 ? name.slice(0, dot) : name;
}

/** The message for a file that {@link fileTypeOf} does not recognize. */
export function unknownTypeMessage(fileName: string): string {
  const extension = extensionOf(fileName);
  if (IMAGE_EXTENSIONS.has(extension))
    return `the name ends with .${extension}, but the content is not an image`;
  return extension === '' ? 'the type of the content is unknown' : `the file type .${extension} is unknown`;
}

function byContainer(text: string, extension: string): FileType | undefined {
  if (text.startsWith('PK\x03\x04') || text.startsWith('PK\x05\x06'))
    return own(ZIP_DOCUMENTS, extension) ?? ZIP;
  if (text.startsWith('\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1')) return own(OLE_DOCUMENTS, extension);
  if (text.startsWith('RIFF')) {
    const form = text.slice(8, 12);
    if (form === 'WEBP') return kind('Image', 'image/webp');
    if (form === 'WAVE') return kind('Audio', 'audio/wav');
    if (form === 'AVI ') return kind('Video', 'video/x-msvideo');
    return undefined;
  }
  if (text.slice(4, 8) === 'ftyp') return byBrand(text.slice(8, 12));
  if (text.startsWith('OggS')) {
    return extension === 'ogv' ? kind('Video', 'video/ogg') : kind('Audio', 'audio/ogg');
  }
  if (text.startsWith('\x30\x26\xb2\x75\x8e\x66\xcf\x11')) {
    return extension === 'wma' ? kind('Audio', 'audio/x-ms-wma') : kind('Video', 'video/x-ms-wmv');
  }
  // The header of an EPS file with a preview, which may contain a PDF as well.
  if (text.startsWith('\xc5\xd0\xd3\xc6')) return extension === 'ai' ? ILLUSTRATOR : POSTSCRIPT;
  // PDF readers accept it up to 1024 bytes into the file, and some programs write something before it.
  const pdf = text.slice(0, 1029).indexOf('%PDF-');
  if (pdf >= 0) return kind(extension === 'ai' ? 'Illustrator' : 'Pdf', 'application/pdf');
  if (text.startsWith('%!PS-AdobeFont')) return undefined;
  if (text.startsWith('%!')) return extension === 'ai' ? ILLUSTRATOR : POSTSCRIPT;
  if (text.startsWith('BM') && text.charCodeAt(14) >= 12 && text.slice(6, 10) === '\0\0\0\0') {
    return kind('Image', 'image/bmp');
  }
  return undefined;
}

function byBrand(brand: string): FileType {
  if (brand === 'avif' || brand === 'avis') return kind('Image', 'image/avif');
  if (['heic', 'heix', 'hevc', 'mif1', 'msf1'].includes(brand)) return kind('Image', 'image/heic');
  if (brand === 'M4A ' || brand === 'M4B ') return kind('Audio', 'audio/mp4');
  return brand === 'qt  ' ? kind('Video', 'video/quicktime') : kind('Video', 'video/mp4');
}

function byMarkup(text: string): FileType | undefined {
  const start = text
    .replace(/^(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)/, '')
    .replaceAll('\0', '')
    .trimStart();
  if (!start.startsWith('<')) return undefined;
  const root = /^<([A-Za-z_][\w.-]*:)?([A-Za-z_][\w.-]*)/.exec(withoutProlog(start));
  if (root === null) return start.startsWith('<?xml') ? XML : undefined;
  switch (root[2]) {
    case 'svg':
      return kind('Svg', 'image/svg+xml');
    case 'stylesheet':
    case 'transform':
      return root[1] === undefined ? XML : kind('Xsl', 'application/xslt+xml');
    case 'Graphic':
      return kind('Fxg', 'application/x-fxg+xml');
    case 'html':
    case 'HTML':
      return undefined;
    default:
      return XML;
  }
}

/** A document from its root element on: without the declarations, comments and white space before it. */
function withoutProlog(text: string): string {
  let rest = text;
  for (;;) {
    const [opening, closing] = PROLOG.find(([mark]) => rest.startsWith(mark)) ?? [];
    if (opening === undefined || closing === undefined) return rest;
    // A document type with an internal subset ends after its bracket.
    const own = opening === '<!DOCTYPE' && /^[^>]*\[/.test(rest);
    const end = own ? rest.indexOf('>', rest.indexOf(']')) + 1 : rest.indexOf(closing) + closing.length;
    if (end < opening.length) return '';
    rest = rest.slice(end).trimStart();
  }
}

const PROLOG = [
  ['<?', '?>'],
  ['<!--', '-->'],
  ['<!DOCTYPE', '>'],
] as const;

function byExtension(text: string, extension: string): FileType | undefined {
  // MPEG streams begin with a sync word that is too short to identify them.
  if (extension === 'mp3' || extension === 'aac') {
    return text.charCodeAt(0) === 0xff && text.charCodeAt(1) >= 0xe0
      ? own(BY_EXTENSION, extension)
      : undefined;
  }
  if (extension === 'mts' || extension === 'm2ts') {
    return text[0] === 'G' || text[4] === 'G' ? own(BY_EXTENSION, extension) : undefined;
  }
  return own(BY_EXTENSION, extension);
}

function own(table: Readonly<Record<string, FileType>>, key: string): FileType | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined;
}
