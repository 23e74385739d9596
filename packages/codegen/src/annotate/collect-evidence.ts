import type { ConstantValue, Overlay, Rule } from '../overlay/overlay.js';
import type { Sourced } from '../overlay/source.js';
import type { Evidence, EvidenceResolver } from './evidence.js';

/** Collects the evidence of all entries of an overlay except fields, which require the contract. */
export function collectEvidence(
  overlay: Overlay,
  resolver: EvidenceResolver,
): ReadonlyMap<Sourced, Evidence> {
  const found = new Map<Sourced, Evidence>();
  const add = <T extends Sourced>(entry: T, keys: readonly (keyof T & string)[], page?: string): void => {
    const stated = keys.filter((key) => isStated(entry[key]));
    found.set(entry, resolver.of(entry, stated, page));
  };
  const addRules = (rules: readonly Rule[], page: string | undefined): void => {
    for (const rule of rules) add(rule, ['kind'], page);
  };
  const addValues = (values: ReadonlyMap<string, ConstantValue>, page?: string): void => {
    for (const value of values.values()) add(value, ['description'], page);
  };

  for (const area of overlay.areas.values()) add(area, ['description']);
  for (const format of overlay.formats.values()) add(format, ['description', 'pattern', 'jsonSchema']);
  for (const code of overlay.faultCodes) add(code, ['description', 'name', 'fault']);
  for (const discrepancy of overlay.discrepancies) add(discrepancy, ['documented']);
  addValues(overlay.roles);
  for (const list of overlay.constants.values()) {
    resolver.page(list.page, list.position);
    add(list, ['description', 'note', 'values'], list.page);
    addValues(list.values, list.page);
  }
  for (const type of overlay.types.values()) {
    resolver.page(type.page, type.position);
    add(type, ['description', 'note', 'deprecated'], type.page);
    addRules(type.rules, type.page);
  }
  for (const message of overlay.messages.values()) {
    resolver.page(message.page, message.position);
    add(message, ['description'], message.page);
  }
  for (const operation of overlay.operations.values()) {
    resolver.page(operation.page, operation.position);
    add(operation, ['description', 'roles', 'deprecated'], operation.page);
    addRules(operation.rules, operation.page);
    for (const limit of operation.limits) add(limit, ['text'], operation.page);
  }
  return found;
}

function isStated(value: unknown): boolean {
  return value !== undefined && value !== '';
}
