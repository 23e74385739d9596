/** Fields with durations. */
const DURATION = /seconds$|duration|elapsed/i;
const HANDLE_FIELD = /handle(?:array)?$/i;

/** The variable parts of a recorded text: pseudonyms, dates and numbers. */
const NOISE =
  /(anon[0-9a-f]{10}(?:@example\.com|\.example\.com)?)|(\d{4}-\d\d-\d\d(?:[T -]\d\d:\d\d(?::\d\d(?:\.\d+)?)?)?(?:Z|[+-]\d\d:?\d\d)?)|(\d+)/g;

/**
 * Whether a text matches the recorded one. A pseudonym matches any text, a date any date, and a number in a handle any number.
 */
export function sameText(field: string, recorded: string, ours: string): boolean {
  if (recorded === ours) return true;
  if (DURATION.test(field) && isNumber(recorded) && isNumber(ours)) return true;
  const inHandle = HANDLE_FIELD.test(field) || /^[a-z]{1,3}\|/.test(recorded);
  let pattern = '';
  let end = 0;
  for (const found of recorded.matchAll(NOISE)) {
    const [text, pseudonym, date] = found;
    pattern += escaped(recorded.slice(end, found.index));
    if (pseudonym !== undefined) pattern += '.+';
    else if (date !== undefined) pattern += String.raw`\d{4}-\d\d-\d\d(?:[T -][\d:.]+)?(?:Z|[+-]\d\d:?\d\d)?`;
    else pattern += inHandle || text.length === 9 ? String.raw`\d+` : text;
    end = found.index + text.length;
  }
  return new RegExp(`^${pattern}${escaped(recorded.slice(end))}$`, 's').test(ours);
}

function isNumber(text: string): boolean {
  return text.trim() !== '' && Number.isFinite(Number(text));
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
}
