/** Limits for documents. A document that exceeds one is refused. */
export interface Limits {
  /** Maximum number of characters in the document. Default: 256 Mi, or unlimited when streaming. */
  readonly maxLength?: number | undefined;
  /** Maximum depth of nested elements. Default: 256. */
  readonly maxDepth?: number | undefined;
  /** Maximum number of attributes per element. Default: 64. */
  readonly maxAttributes?: number | undefined;
  /** Maximum number of characters in a text, attribute value or name. Default: 32 Mi. */
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
