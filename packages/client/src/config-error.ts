/**
 * An invalid option or environment variable. Nothing was sent. The message contains the setting, the expected value and the value found,
 * unless it may be a secret.
 *
 * @example
 * ```ts
 * import { ConfigError, createIpsClient } from '@ips-sdk/client';
 *
 * try {
 *   createIpsClient({ region: 'na', auth: { accessToken: 'abc' }, retry: { minDelay: -1 } });
 * } catch (error) {
 *   if (error instanceof ConfigError) console.log(error.setting); // retry.minDelay
 * }
 * ```
 */
export class ConfigError extends TypeError {
  override readonly name = 'ConfigError';
  /** The path of the option, such as `retry.minDelay`, or the name of the environment variable, such as `https_proxy`. */
  readonly setting: string;

  constructor(setting: string, problem: string, cause?: unknown) {
    super(`${setting}: ${problem}`, { cause });
    this.setting = setting;
  }
}
