import type { Contract, Field } from '../model.js';

/** The names of all types that requests (`input`) or responses (`output`) can contain. */
export function reachableTypes(contract: Contract, side: 'input' | 'output'): Set<string> {
  const types = new Map(contract.types.map((t) => [t.name, t]));
  const reached = new Set<string>();
  const queue: string[] = [];
  const follow = (fields: readonly Field[]): void => {
    for (const { type } of fields) if (type.kind === 'type') queue.push(type.name);
  };
  for (const operation of contract.operations) {
    const messages =
      side === 'input'
        ? [operation.input, ...operation.headers]
        : [...(operation.output ? [operation.output] : []), ...operation.faults];
    for (const message of messages) {
      follow(message.fields);
      for (const name of [message.type, message.base]) if (name !== undefined) queue.push(name);
    }
  }
  for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
    if (reached.has(name)) continue;
    reached.add(name);
    const type = types.get(name);
    if (type?.kind !== 'complex') continue;
    follow(type.fields);
    if (type.base !== undefined) queue.push(type.base);
  }
  return reached;
}
