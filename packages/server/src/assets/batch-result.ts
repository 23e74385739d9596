import type { AssetOperationFault } from '@ips-sdk/types';
import type { IpsFault } from '@ips-sdk/wire';

/** Counts how the parts of a batch went; those that fail carry the fault that a single call would have got. */
export class BatchResult {
  #successes = 0;
  readonly #errors: AssetOperationFault[] = [];

  succeed(count = 1): void {
    this.#successes += count;
  }

  fail(assetHandle: string, { code, reason }: IpsFault): void {
    this.#errors.push({ assetHandle, code: code ?? 30000, reason });
  }

  /** The fields of the answer. */
  answer() {
    return {
      successCount: this.#successes,
      warningCount: 0,
      errorCount: this.#errors.length,
      ...(this.#errors.length === 0 ? {} : { errorDetailArray: this.#errors }),
    };
  }
}
