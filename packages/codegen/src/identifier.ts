/**
 * Words that cannot be type names, and global names that generated code uses. A type with such a name gets an underscore, to keep the
 * usual meaning of `string` or `Date` in generated code.
 */
const RESERVED: ReadonlySet<string> = new Set(
  (
    'break case catch class const continue debugger default delete do else enum export extends false finally for ' +
    'function if import in instanceof new null return super switch this throw true try typeof var void while with ' +
    'as implements interface let package private protected public static yield any boolean constructor declare get ' +
    'module require number set string symbol type from of async await never unknown object undefined bigint infer is ' +
    'keyof namespace readonly unique global Array Date Readonly ReadonlyArray Partial Record Pick Omit Exclude Extract ' +
    'Promise Uint8Array Object String Number Boolean Symbol Function Error Map Set arguments eval'
  ).split(' '),
);

const IDENTIFIER = /^[A-Za-z_$][A-Za-z0-9_$]*$/;

/** Whether a text is an XML name without a colon, as required for types, elements and operations. */
export function isNCName(name: string): boolean {
  return /^[\p{L}_][\p{L}\p{N}\p{M}._\u00b7-]*$/u.test(name);
}

/** Whether generated source can contain a name unchanged. */
export function isSafeIdentifier(name: string): boolean {
  return IDENTIFIER.test(name) && !RESERVED.has(name);
}

/**
 * Converts any XML name to an identifier. Names come from untrusted documents, so only ASCII letters, digits, `_` and `$` remain.
 * Separators are removed and the next letter is capitalized. Other characters are replaced by their code points.
 */
export function toIdentifier(xmlName: string): string {
  if (isSafeIdentifier(xmlName)) return xmlName;
  let result = '';
  let capital = false;
  for (const character of xmlName) {
    if (/[A-Za-z0-9_$]/.test(character)) {
      result += capital ? character.toUpperCase() : character;
      capital = false;
    } else if (/[-.:\s]/.test(character)) {
      capital = result !== '';
    } else {
      result += `u${(character.codePointAt(0) ?? 0).toString(16)}`;
      capital = true;
    }
  }
  if (result === '' || /^[0-9]/.test(result)) result = `_${result}`;
  return RESERVED.has(result) ? `${result}_` : result;
}

/** `submitJobParam` → `SubmitJobParam`. */
export function capitalize(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}

/** Names that all generated output declares. */
export const GENERATED_NAMES: readonly string[] = [
  'DateTime',
  'DateTimeInput',
  'Base64',
  'Base64Input',
  'ExactlyOne',
  'AtMostOne',
  'Operations',
  'OperationName',
  'NamedTypes',
  'Contract',
  'TypedContract',
  'Role',
  'BaseTypes',
  'BaseOperations',
];

/** Assigns unique TypeScript names: a taken name gets the next free number. */
export class NameAllocator {
  readonly #taken = new Set<string>(GENERATED_NAMES);

  allocate(xmlName: string): string {
    const wanted = toIdentifier(xmlName);
    let name = wanted;
    for (let n = 2; this.#taken.has(name); n += 1) name = `${wanted}${n}`;
    this.#taken.add(name);
    return name;
  }
}
