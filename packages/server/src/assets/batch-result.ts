import type { AssetOperationFault } from '@ips-sdk/types';
import type { IpsFault } from '@ips-sdk/wire';

/** Counts the outcomes of a batch. Failed items have the fault that a single call would return. */
export class BatchResult {
  #successes = 0;
  readonly #errors: AssetOperationFault[] = [];

  succeed(count = 1): void {
    this.#successes += count;
  }

  fail(assetHandle: string, { code, reason }: IpsFault): void {
    this.#errors.push({ assetHandle, code: code ?? 30000, reason });
  }

  /** The fields of the response. */
  answer() {
    return {
      successCount: this.#successes,
      warningCount: 0,
      errorCount: this.#errors.length,
      ...(this.#errors.length === 0 ? {} : { errorDetailArray: this.#errors }),
    };
  }
}
