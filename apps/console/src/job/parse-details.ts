/** A payload as it was typed, or why it is none. */
export interface ParsedDetails {
  readonly details?: Readonly<Record<string, unknown>>;
  readonly problem?: string;
}

/** Reads JSON that must be an object; its contents are checked by the host. */
export function parseDetails(text: string): ParsedDetails {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return { problem: `the payload is not JSON: ${error instanceof Error ? error.message : String(error)}` };
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return { problem: 'the payload must be an object such as {"overwrite": true}' };
  }
  // An object of JSON has texts as keys.
  return { details: value as Readonly<Record<string, unknown>> };
}
