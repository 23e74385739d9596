import type { FieldOverlay } from '../overlay/overlay.js';
import type { Statement } from './evidence.js';

/** The statements of a field. Examples are invented, and `secret` is a precaution, so neither needs evidence. */
const STATEMENTS = [
  'description',
  'note',
  'constants',
  'format',
  'pattern',
  'minLength',
  'maxLength',
  'minimum',
  'maximum',
  'minItems',
  'maxItems',
  'unit',
  'default',
  'deprecated',
] as const;

/** A field's own description, completed from the shared entry for fields of its name. */
export function mergeField(
  own: FieldOverlay | undefined,
  shared: FieldOverlay | undefined,
): FieldOverlay | undefined {
  if (own === undefined || shared === undefined) return own ?? shared;
  const merged: Record<string, unknown> = { ...shared };
  for (const [key, value] of Object.entries(own)) {
    // A field without `secret` is not secret.
    if (isSaid(value) && !(key === 'secret' && value === false)) merged[key] = value;
  }
  // Both have all keys of a field, and each value comes from one of them.
  return merged as unknown as FieldOverlay;
}

/** The statements of a field, each with the citations of its entry. */
export function statementsOf(
  own: FieldOverlay | undefined,
  shared: FieldOverlay | undefined,
): readonly Statement[] {
  return STATEMENTS.flatMap((key): Statement[] => {
    if (own && isSaid(own[key])) return [{ key, citations: own.citations }];
    if (!shared || !isSaid(shared[key])) return [];
    // A field's own citations also apply to its shared statements.
    const cites = own?.citations?.parts.has(key) || (own?.citations?.whole.length ?? 0) > 0;
    const cited = cites ? own?.citations : undefined;
    return [cited ? { key, citations: cited } : { key, citations: shared.citations, shared: true }];
  });
}

function isSaid(value: unknown): boolean {
  return value !== undefined && value !== '' && !(Array.isArray(value) && value.length === 0);
}
