import type { Caller } from './caller.js';
import type { OperationName } from './exchange.js';
import type { StreamOptions } from './list-options.js';
import { blamed, refusePage, streamAnswer } from './read-answer.js';

/** The number of characters of a response that are kept for an error message. */
const SHOWN = 8000;

/**
 * Streams the items of a response. See the method of the client.
 *
 * @internal
 */
export async function* streamItems<Item>(
  caller: Caller,
  operation: OperationName,
  input: object,
  options: StreamOptions,
): AsyncGenerator<Item, void, undefined> {
  const { path, onRest, ...call } = options;
  const response = await caller.open(operation, input, call);
  let start = '';
  const noted = async function* (texts: AsyncIterable<string>): AsyncGenerator<string, void, undefined> {
    for await (const text of texts) {
      if (start.length < SHOWN) {
        start += text;
        refusePage(start);
      }
      yield text;
    }
  };
  try {
    const texts = streamAnswer({ operation, options: call }, response, call.timeout ?? caller.timeout);
    yield* caller.exchanger.codec.decodeItems<Item>(operation, noted(texts), {
      path,
      onRest,
      ...caller.exchanger.decoding(operation, call),
      ...caller.exchanger.faultContext({ options: call }, response),
    });
  } catch (error) {
    throw blamed(operation, { text: start, problem: undefined }, response, error);
  } finally {
    response.body.destroy();
  }
}
