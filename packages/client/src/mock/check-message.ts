import { contract as defaultContract } from '@ips-sdk/types/contract';
import type { Issue } from '@ips-sdk/validator';
import type { Codec, OperationTypes } from '@ips-sdk/wire';

/** Findings that the client's validation reports as warnings, but that no request and no answer of a mock may have. */
const NEVER: ReadonlySet<string> = new Set(['unknown-field', 'required']);

/**
 * The first reason why a value is not a message of the contract, `undefined` if there is none. Messages of other contracts than the default
 * one have no validators: the codec refuses unknown fields, missing fields and wrong types.
 *
 * @param message - Name of the message, such as `StopJobParam`; `undefined` for an operation without one.
 */
export async function invalidIn<Types extends OperationTypes<Types>>(
  codec: Codec<Types>,
  message: string | undefined,
  value: unknown,
): Promise<Issue | undefined> {
  if (message === undefined || codec.contract !== defaultContract) return undefined;
  const { validate } = await import('@ips-sdk/validator/validate');
  // The default contract has a validator for each of its messages.
  const { errors, warnings } = validate(message as never, value, { mode: 'lenient' });
  return [...errors, ...warnings.filter(({ code }) => NEVER.has(code))].find(
    // The validators do not support bigint, which the codec accepts for 64-bit integers and refuses elsewhere.
    (issue) => typeof issue.value !== 'bigint',
  );
}
