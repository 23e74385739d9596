import { WireError } from '../errors.js';
import { fullLimits } from '../limits.js';
import type { Plans } from '../plan.js';
import type { ComplexPlan, FieldPlan } from '../type-plan.js';
import { Assembler } from './assembler.js';
import { type DecodeResponseOptions, found } from './decode-message.js';
import { keepParser } from './kept-parser.js';
import { DocumentParser } from './parse-saxes.js';
import { throwFault } from './read-fault.js';

/** Options for reading a response item by item. */
export interface DecodeItemsOptions extends DecodeResponseOptions {
  /**
   * Path of fields to the array whose items are returned. Default: the first array of the response, such as `['assetArray']` for
   * `searchAssets`, and `['jobLogArray', 'detailArray']`, the rows, for job logs.
   */
  readonly path?: readonly string[] | undefined;
  /** Called at the end with the rest of the response, such as `totalRows`. The array of returned items is empty in it. */
  readonly onRest?: ((rest: unknown) => void) | undefined;
}

/**
 * Reads the repeated items of a response one by one, in constant memory.
 *
 * @throws IpsFault when the response is a fault.
 * @throws WireError as for a whole document, after the items before the mistake.
 */
export async function* decodeItems(
  chunks: AsyncIterable<string | Uint8Array> | Iterable<string | Uint8Array>,
  operation: string,
  plans: Plans,
  options: DecodeItemsOptions = {},
): AsyncGenerator<unknown, void, undefined> {
  const { output } = plans.operation(operation);
  if (output === undefined)
    throw new WireError('unknown-name', `the operation "${operation}" has no response`);
  const path = options.path ?? defaultPath(output.body);
  checkPath(output.body, path, operation);
  const queue: unknown[] = [];
  keepParser(plans);
  const assembler = new Assembler(plans, options, { path, emit: (item) => void queue.push(item) });
  const parser = new DocumentParser(assembler, fullLimits(options.limits, true));
  const decoder = new TextDecoder('utf-8', { fatal: true });
  for await (const chunk of chunks) {
    parser.write(typeof chunk === 'string' ? chunk : decodeBytes(decoder, chunk));
    yield* queue;
    queue.length = 0;
  }
  parser.write(decodeBytes(decoder, undefined));
  parser.end();
  yield* queue;
  const { result } = assembler;
  throwFault(result, operation, options);
  if (result.message?.plan !== output) {
    throw new WireError(
      'no-message',
      `expected <${output.element}>, found no message of the ${plans.name}${found(result)}`,
    );
  }
  options.onRest?.(result.message.value);
}

function decodeBytes(decoder: InstanceType<typeof TextDecoder>, bytes: Uint8Array | undefined): string {
  try {
    return bytes === undefined ? decoder.decode() : decoder.decode(bytes, { stream: true });
  } catch {
    throw new WireError('encoding', 'the bytes are not valid UTF-8');
  }
}

/** The main array of a response: the first one or, for job logs, the rows inside its items. */
function defaultPath(plan: ComplexPlan): string[] {
  const array = plan.fields.find((field) => field.repeated || field.complex?.item !== undefined);
  if (array === undefined) return [];
  const rows = array.complex?.item?.complex?.byName.get('detailArray');
  return rows === undefined ? [array.name] : [array.name, rows.name];
}

function checkPath(plan: ComplexPlan, path: readonly string[], operation: string): void {
  let current: ComplexPlan | undefined = plan;
  for (const name of path) {
    const field: FieldPlan | undefined = current?.byName.get(name);
    const item: FieldPlan | undefined = field?.repeated ? field : field?.complex?.item;
    if (item === undefined) {
      throw new WireError('unknown-name', `the response of ${operation} has no array at "${path.join('/')}"`);
    }
    current = item.complex;
  }
  if (path.length === 0) throw new WireError('unknown-name', `the response of ${operation} has no array`);
}
