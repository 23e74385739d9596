/** What a document may be before it is refused. */
export interface Limits {
  /** Characters in the whole document. 256 Mi unless given; streaming has no limit on the whole unless one is given. */
  readonly maxLength?: number | undefined;
  /** Elements nested in each other. 256 unless given. */
  readonly maxDepth?: number | undefined;
  /** Attributes of one element. 64 unless given. */
  readonly maxAttributes?: number | undefined;
  /** Characters of one text, attribute value or name. 32 Mi unless given. */
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
