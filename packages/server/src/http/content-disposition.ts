/** The `Content-Disposition` of a form part (RFC 7578). */
export interface Disposition {
  /** In lower case: `form-data`. */
  readonly type: string;
  readonly name: string | undefined;
  readonly fileName: string | undefined;
}

/** A parameter with a token or a quoted value. In quotes, only `"` is escaped, because Windows file names contain plain backslashes. */
const PARAMETER = /\s*;\s*([\w!#$%&'*+.^`|~-]+)\s*=\s*(?:"((?:\\"|[^"])*)"|([^\s";]+))/y;

/** Parses a `Content-Disposition` given as Latin-1; `undefined` if it is malformed or repeats a parameter. */
export function dispositionOf(header: string): Disposition | undefined {
  const type = /^\s*([\w-]+)/.exec(header);
  if (type === null) return undefined;
  const parameters = new Map<string, string>();
  let at = type[0].length;
  while (header.slice(at).trim() !== '' && header.slice(at).trim() !== ';') {
    PARAMETER.lastIndex = at;
    const found = PARAMETER.exec(header);
    if (found === null) return undefined;
    const [, name = '', quoted, plain = ''] = found;
    const key = name.toLowerCase();
    if (parameters.has(key)) return undefined;
    parameters.set(key, quoted === undefined ? plain : quoted.replaceAll('\\"', '"'));
    at = PARAMETER.lastIndex;
  }
  const extended = parameters.get('filename*');
  const decoded = extended === undefined ? undefined : extendedValue(extended);
  if (extended !== undefined && decoded === undefined) return undefined;
  return {
    type: type[1]?.toLowerCase() ?? '',
    name: textOf(parameters.get('name')),
    fileName: decoded ?? textOf(parameters.get('filename')),
  };
}

/** Decodes UTF-8, or Latin-1 if it is not UTF-8. Browsers percent-encode only quotes and line breaks. */
function textOf(latin1: string | undefined): string | undefined {
  if (latin1 === undefined) return undefined;
  const utf8 = Buffer.from(latin1, 'latin1').toString('utf8');
  const text = utf8.includes('\ufffd') ? latin1 : utf8;
  return text.replaceAll(/%(?:22|0[AaDd])/g, (escaped) => decodeURIComponent(escaped));
}

/** `UTF-8''…` (RFC 8187). */
function extendedValue(value: string): string | undefined {
  const [, charset = '', encoded = ''] = /^([\w-]+)'[\w-]*'(.*)$/.exec(value) ?? [];
  try {
    if (charset.toLowerCase() === 'utf-8') return decodeURIComponent(encoded);
    if (charset.toLowerCase() === 'iso-8859-1')
      return encoded.replaceAll(/%([\da-f]{2})/gi, (_all, hex: string) =>
        String.fromCharCode(Number.parseInt(hex, 16)),
      );
  } catch {
    // Not UTF-8.
  }
  return undefined;
}
