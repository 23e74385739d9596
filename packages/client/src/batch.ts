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

/** The operations that work on many items and report how many succeeded. */
export type BatchOperationName = {
  [Name in OperationName]: Operations[Name]['output'] extends { successCount: number; errorCount: number }
    ? Name
    : never;
}[OperationName];

/** What went wrong with one item. */
export type BatchFault = AssetOperationFault | SetMetadataFault | TagValueUpdateFault;

/** The result of a batch, over all its calls. */
export interface BatchResult {
  /** How many items were requested. */
  readonly asked: number;
  readonly successCount: number;
  readonly warningCount: number;
  readonly errorCount: number;
  readonly warnings: readonly BatchFault[];
  readonly errors: readonly BatchFault[];
  /** Whether every requested item succeeded, with or without a warning. */
  readonly complete: boolean;
}

/** The fields that hold the items, by their names in the operations. */
const ITEM_FIELDS = [
  'assetHandleArray',
  'assetMoveArray',
  'publishStateUpdateArray',
  'assetsContextStateUpdateArray',
  'updateArray',
];

/**
 * Calls a batch operation in chunks, and compares the answers with the request: these operations do not answer a fault when an
 * item fails, only counts and a list.
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
  const fields = input as Record<string, unknown>;
  const field = ITEM_FIELDS.find((name) => Array.isArray(fields[name]));
  if (field === undefined) throw new TypeError(`${operation}: expected one of ${ITEM_FIELDS.join(', ')}`);
  const items = fields[field] as readonly unknown[];
  // A second call would replace what the first one set.
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

/** How many items a chunk requests: every pair of asset and context, or of asset and change, counts. */
function asked(chunk: readonly unknown[]): number {
  return chunk.reduce<number>((sum, item) => {
    const { contextStateUpdateArray, assetHandleArray } = item as {
      contextStateUpdateArray?: unknown[];
      assetHandleArray?: unknown[];
    };
    return sum + (contextStateUpdateArray?.length ?? assetHandleArray?.length ?? 1);
  }, 0);
}
