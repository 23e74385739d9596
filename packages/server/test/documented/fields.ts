// Which fields of a document are filled, and which the contract has.
import type { OperationName } from '@ips-sdk/types';
import { contract } from '@ips-sdk/types/contract';

/** The paths of the elements that hold text, below the root. For documents without CDATA sections. */
export function filledFields(xml: string, root: string): string[] {
  const filled = new Set<string>();
  const open: string[] = [];
  let from = 0;
  const body = xml.replaceAll(/<\?.*?\?>/g, '');
  for (const tag of body.matchAll(/<(\/?)(?:[\w-]+:)?([\w-]+)[^<>]*?(\/?)>/g)) {
    const [whole, closing, name = '', empty] = tag;
    if (body.slice(from, tag.index).trim() !== '') filled.add(open.slice(open.indexOf(root) + 1).join('/'));
    from = tag.index + whole.length;
    if (closing !== '') open.pop();
    else if (empty === '') open.push(name);
  }
  return [...filled];
}

/** Whether a request or an answer of the operation can have a field. */
export function isInContract(operation: OperationName, side: 'input' | 'output', path: string): boolean {
  const message = contract.operations[operation]?.[side];
  let type = message;
  for (const name of path.split('/')) type = type === undefined ? undefined : typeOfField(type, name);
  return type !== undefined;
}

/** The name of the element that holds a request or an answer. */
export function rootOf(operation: OperationName, side: 'input' | 'output'): string {
  const message = contract.operations[operation]?.[side] ?? '';
  return contract.messages[message]?.element ?? '';
}

function typeOfField(type: string, name: string): string | undefined {
  const structure = contract.messages[type] ?? contract.types[type];
  if (structure === undefined || !('fields' in structure)) return undefined;
  const own = structure.fields.find(([field]) => field === name)?.[1];
  if (own !== undefined || !('base' in structure) || structure.base === undefined) return own;
  return typeOfField(structure.base, name);
}
