/** Limits beyond which a document is refused. */
export interface Limits {
  /** Characters in the whole document; 256 Mi by default, and unlimited by default when streaming. */
  readonly maxLength?: number | undefined;
  /** Nested elements; 256 by default. */
  readonly maxDepth?: number | undefined;
  /** Attributes of one element; 64 by default. */
  readonly maxAttributes?: number | undefined;
  /** Characters of one text, attribute value or name; 32 Mi by default. */
  readonly maxText?: number | undefined;
}

export interface FullLimits {
  readonly maxLength: number;
  readonly maxDepth: number;
  readonly maxAttributes: number;
  readonly maxText: number;
}

const MI = 1024 * 1024;

export function fullLimits(limits: Limits | undefined, streaming: boolean): FullLimits {
  return {
    maxLength: limits?.maxLength ?? (streaming ? Number.POSITIVE_INFINITY : 256 * MI),
    maxDepth: limits?.maxDepth ?? 256,
    maxAttributes: limits?.maxAttributes ?? 64,
    maxText: limits?.maxText ?? 32 * MI,
  };
}
