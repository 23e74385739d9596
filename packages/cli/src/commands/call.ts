import type { OperationName } from '@ips-sdk/client';
import { contract } from '@ips-sdk/types/contract';
import { docs } from '@ips-sdk/types/docs';
import type { Context } from '../context.js';
import { indentXml } from '../output/indent-xml.js';
import { json } from '../output/json.js';
import { assignFields, fieldNames } from './api-fields.js';
import { findOperation } from './operation-help.js';
import { printDryRun } from './print-dry-run.js';
import { readInput } from './read-input.js';
import { skeleton } from './skeleton.js';

interface Options {
  readonly input?: string;
  readonly field?: readonly string[];
  readonly skeleton?: boolean;
  readonly raw?: boolean;
}

const OPERATION_FIELDS = ['name', 'area', 'idempotency', 'description', 'deprecated'];

/** The fields of the response, or of the list of operations. */
export function fields(_: Options, name?: string): readonly string[] {
  if (name === undefined) return OPERATION_FIELDS;
  const { output } = findOperation(name);
  return output === undefined ? [] : fieldNames(output);
}

/** `ips call` */
export async function run(context: Context, options: Options, name?: string): Promise<undefined> {
  if (name === undefined) {
    await listOperations(context);
    return undefined;
  }
  const operation = findOperation(name);
  if (options.skeleton) {
    await context.print.text(`${json(skeleton(operation.input), 2)}\n`);
    return undefined;
  }
  const input = assignFields(await readInput(context, options.input), options.field ?? [], operation.input);
  if (await printDryRun(context, name as OperationName, input)) return undefined;
  const client = await context.client();
  if (options.raw) {
    await printRaw(context, name as OperationName, input);
    return undefined;
  }
  // The client validates the input.
  const answer = await client.call(name as OperationName, input as never, { signal: context.signal });
  await context.print.jsonObject((answer ?? {}) as object, fields(options, name));
  return undefined;
}

/** Prints the XML of a response unchanged, even if it is a fault. */
async function printRaw(context: Context, name: OperationName, input: object): Promise<void> {
  const client = await context.client();
  let raw = '';
  const onAnswer = (text: string): void => {
    raw = text;
  };
  try {
    // The client validates the input.
    await client.call(name, input as never, { signal: context.signal, onAnswer });
  } finally {
    if (raw !== '') await context.print.text(context.print.forPeople ? indentXml(raw) : `${raw}\n`);
  }
}

async function listOperations(context: Context): Promise<void> {
  const rows = Object.entries(contract.operations).map(([name, { idempotency }]) => {
    const { area = '', description = '', deprecated } = docs.operations[name] ?? {};
    return { name, area, idempotency, description, deprecated };
  });
  await context.print.rows(
    rows,
    [
      { title: 'OPERATION', value: (row) => row.name, paint: (text, _, paint) => paint('cyan', text) },
      { title: 'AREA', value: (row) => row.area, optional: true },
      {
        title: 'DOES',
        value: (row) => row.description.split('. ')[0]?.replace(/\.?$/, ''),
        shrinks: true,
      },
    ],
    OPERATION_FIELDS,
  );
}
