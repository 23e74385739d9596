import { type ContractOperation, contract } from '@ips-sdk/types/contract';
import { docs, type FieldDoc } from '@ips-sdk/types/docs';
import { nearest } from '@ips-sdk/types/nearest';
import { CliError } from '../cli-error.js';
import { EXIT } from '../exit-code.js';
import type { Paint } from '../output/colors.js';
import { fieldsOf, itemType } from './api-fields.js';

/** @throws CliError if the contract has no such operation. */
export function findOperation(name: string): ContractOperation {
  const operation = Object.hasOwn(contract.operations, name) ? contract.operations[name] : undefined;
  if (operation !== undefined) return operation;
  const meant = nearest(name, Object.keys(contract.operations));
  throw new CliError(
    EXIT.usage,
    `unknown operation ${JSON.stringify(name)}${meant === undefined ? '' : `; did you mean ${meant}?`}`,
    'ips call lists all operations',
  );
}

/** Describes an operation, its input and its response. */
export function operationHelp(name: string, paint: Paint): string {
  const { input, output, idempotency } = findOperation(name);
  const doc = docs.operations[name];
  const lines = [paint('bold', `ips call ${name}`), '', ...wrap(doc?.description ?? '', 100, '')];
  if (doc?.deprecated) lines.push('', paint('yellow', `Deprecated: ${doc.deprecated}`));
  for (const { text } of doc?.limits ?? []) lines.push('', ...wrap(text, 100, ''));
  const effect = {
    safe: 'Read-only.',
    idempotent: 'Safe to repeat.',
    unsafe: 'Changes data; never sent twice.',
  }[idempotency];
  lines.push('', effect);
  lines.push('', paint('bold', 'Input'), ...fieldLines(input, paint));
  for (const { kind, fields, reason } of docs.messages[input]?.rules ?? []) {
    const words = { exactlyOne: 'exactly one', atMostOne: 'at most one', atLeastOne: 'at least one' }[kind];
    lines.push('', ...wrap(`${words} of ${fields.join(', ')}: ${reason}`, 98, '  '));
  }
  if (output !== undefined) lines.push('', paint('bold', 'Response'), ...fieldLines(output, paint));
  lines.push(
    '',
    paint('bold', 'Examples'),
    `  $ ips call ${name} --skeleton`,
    `  $ ips call ${name} --input input.json --dry-run`,
    '',
    'ips call --help lists the options.',
  );
  return `${lines.join('\n')}\n`;
}

function fieldLines(message: string, paint: Paint): string[] {
  const fields = fieldsOf(message);
  if (fields.length === 0) return ['  none'];
  return fields.flatMap(([name, type, least]) => {
    const doc = docs.messages[message]?.fields[name] ?? {};
    const items = itemType(type);
    const shown = (items === undefined ? type : `${items}[]`).replace(/^xsd:/, '');
    const head = `  ${paint('cyan', name)} ${paint('dim', `${shown}${least > 0 ? ', required' : ''}`)}`;
    return [head, ...wrap(describe(doc), 94, '      ')];
  });
}

function describe(doc: FieldDoc): string {
  const parts = [doc.description ?? '', ...(doc.note === undefined ? [] : [doc.note])];
  const values = doc.constants?.flatMap((list) => Object.keys(docs.constants[list]?.values ?? {})) ?? [];
  if (values.length > 0)
    parts.push(`One of ${values.slice(0, 12).join(', ')}${values.length > 12 ? ', …' : ''}.`);
  if (doc.minimum !== undefined || doc.maximum !== undefined)
    parts.push(`From ${doc.minimum ?? '…'} to ${doc.maximum ?? '…'}.`);
  if (doc.example !== undefined) parts.push(`Example: ${JSON.stringify(doc.example)}`);
  if (doc.deprecated !== undefined) parts.push(`Deprecated: ${doc.deprecated}`);
  return parts.filter((part) => part !== '').join(' ');
}

function wrap(text: string, width: number, indent: string): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/).filter((one) => one !== '')) {
    if (line !== '' && line.length + word.length + 1 > width) {
      lines.push(indent + line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  if (line !== '') lines.push(indent + line);
  return lines;
}
