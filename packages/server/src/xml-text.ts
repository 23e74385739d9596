/**
 * Makes a text valid in XML: control characters, noncharacters and unpaired surrogates, which occur in file names and embedded metadata,
 * become U+FFFD.
 */
export function xmlText(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these characters are invalid in XML.
  return text.toWellFormed().replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '\ufffd');
}

/** Makes every text in a value valid in XML. */
export function xmlValue<Value>(value: Value): Value {
  if (typeof value === 'string') return xmlText(value) as Value;
  if (Array.isArray(value)) return value.map(xmlValue) as Value;
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, xmlValue(each)])) as Value;
}
