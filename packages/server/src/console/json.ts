/**
 * A value as JSON. A 64-bit integer outside the range in which numbers are exact becomes its digits.
 */
export function toJson(value: unknown): string {
  return JSON.stringify(value, (_key, one: unknown) =>
    typeof one === 'bigint' ? (Number.isSafeInteger(Number(one)) ? Number(one) : String(one)) : one,
  );
}
