import { IpsFault, WireError } from '@ips-sdk/wire';
import type { Caller } from './caller.js';
import { ConnectionError, TimeoutError } from './errors.js';
import type { OperationName } from './exchange.js';
import { readChunks } from './http/transport.js';
import type { CallOptions } from './options.js';

/** Options of {@link IpsClient.stream}. */
export interface StreamOptions extends CallOptions {
  readonly path?: readonly string[];
  readonly onRest?: (rest: unknown) => void;
}

/** The items of an answer, one by one; see the method of the client. */
export async function* streamItems<Item>(
  caller: Caller,
  operation: OperationName,
  input: object,
  options: StreamOptions,
): AsyncGenerator<Item, void, undefined> {
  const { path, onRest, ...call } = options;
  const response = await caller.open(operation, input, call);
  try {
    yield* caller.exchanger.codec.decodeItems<Item>(
      operation,
      readChunks(response.body, operation, call.timeout ?? caller.timeout),
      {
        path,
        onRest,
        ...caller.exchanger.decoding(operation, call),
        httpStatus: response.status,
      },
    );
  } catch (error) {
    if (call.signal?.aborted) throw call.signal.reason;
    const ours = error instanceof WireError || error instanceof IpsFault || error instanceof TimeoutError;
    // The error has a system code, so the connection broke or the compressed answer is incomplete.
    if (!ours && error instanceof Error && 'code' in error)
      throw new ConnectionError(operation, error, false);
    throw error;
  } finally {
    response.body.destroy();
  }
}
