/**
 * A text that XML can carry: control characters, noncharacters and halves of surrogate pairs, which it cannot, become U+FFFD.
 * They come in names of files and in what files say of themselves.
 */
export function xmlText(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters that XML cannot carry.
  return text.toWellFormed().replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '\ufffd');
}

/** A value with all its texts as XML can carry them. */
export function xmlValue<Value>(value: Value): Value {
  if (typeof value === 'string') return xmlText(value) as Value;
  if (Array.isArray(value)) return value.map(xmlValue) as Value;
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, xmlValue(each)])) as Value;
}
