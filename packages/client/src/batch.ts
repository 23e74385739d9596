import type {
  AssetOperationFault,
  OperationName,
  Operations,
  SetMetadataFault,
  TagValueUpdateFault,
} from '@ips-sdk/types';
import type { Caller } from './caller.js';
import { InterruptedError } from './errors.js';
import type { BatchOptions } from './list-options.js';

/** Operations on many items that return the number of successes and failures. */
export type BatchOperationName = {
  [Name in OperationName]: Operations[Name]['output'] extends { successCount: number; errorCount: number }
    ? Name
    : never;
}[OperationName];

/** The failure of one item. */
export type BatchFault = AssetOperationFault | SetMetadataFault | TagValueUpdateFault;

/** The combined result of the calls of a batch. */
export interface BatchResult {
  /** Number of items in the request. */
  readonly asked: number;
  readonly successCount: number;
  readonly warningCount: number;
  readonly errorCount: number;
  readonly warnings: readonly BatchFault[];
  readonly errors: readonly BatchFault[];
  /** Whether every requested item succeeded, with or without a warning. */
  readonly complete: boolean;
}

/** The input fields that hold the items. */
const ITEM_FIELDS = [
  'assetHandleArray',
  'assetMoveArray',
  'publishStateUpdateArray',
  'assetsContextStateUpdateArray',
  'updateArray',
];

/**
 * Calls a batch operation in chunks and compares the counts with the request. These operations do not return a fault when an item fails.
 *
 * @throws InterruptedError with the result so far when a call fails after others succeeded.
 *
 * @internal
 */
export async function batch(
  caller: Caller,
  operation: BatchOperationName,
  input: object,
  options: BatchOptions = {},
): Promise<BatchResult> {
  const { chunkSize = 500, ...call } = options;
  const fields = (input ?? {}) as Record<string, unknown>;
  const field = ITEM_FIELDS.find((name) => Array.isArray(fields[name]));
  if (field === undefined) throw new TypeError(`${operation}: expected one of ${ITEM_FIELDS.join(', ')}`);
  const items = fields[field] as readonly unknown[];
  // A second call would replace the result of the first.
  const size = operation === 'setProjectAssets' ? Math.max(1, items.length) : chunkSize;
  const result = {
    asked: 0,
    successCount: 0,
    warningCount: 0,
    errorCount: 0,
    warnings: [] as BatchFault[],
    errors: [] as BatchFault[],
  };
  for (let i = 0; i < items.length; i += size) {
    const chunk = items.slice(i, i + size);
    try {
      const answer = await caller.call(operation, { ...fields, [field]: chunk }, call);
      result.asked += asked(chunk);
      result.successCount += answer.successCount ?? 0;
      result.warningCount += answer.warningCount ?? 0;
      result.errorCount += answer.errorCount ?? 0;
      result.warnings.push(...(answer.warningDetailArray ?? []));
      result.errors.push(...(answer.errorDetailArray ?? []));
    } catch (error) {
      if (i === 0) throw error;
      throw new InterruptedError(`${operation}, after ${i} of ${items.length}`, whole(result), error);
    }
  }
  return whole(result);
}

function whole(result: Omit<BatchResult, 'complete'>): BatchResult {
  const { errorCount, successCount, warningCount } = result;
  return { ...result, complete: errorCount === 0 && successCount + warningCount >= result.asked };
}

/** The number of items in a chunk. Every pair of asset and context, or of asset and change, counts. */
function asked(chunk: readonly unknown[]): number {
  return chunk.reduce<number>((sum, item) => {
    const { contextStateUpdateArray, assetHandleArray } = item as {
      contextStateUpdateArray?: unknown[];
      assetHandleArray?: unknown[];
    };
    return sum + (contextStateUpdateArray?.length ?? assetHandleArray?.length ?? 1);
  }, 0);
}
