import type { AnnotatedContract, AnnotatedField } from '../annotate/annotated.js';
import { type Evidence, NO_EVIDENCE } from '../annotate/evidence.js';
import type { Sourced } from '../overlay/overlay.js';
import { addressOf } from './describe-evidence.js';

/** A row for each contradiction between sources: where, what is followed, what the other source says. */
export function contradictionRows(annotated: AnnotatedContract): [string, string, string][] {
  const rows: [string, string, string][] = [];
  const link = (source: string): string => {
    const address = addressOf(source, annotated.sources);
    return address === undefined ? source : `[${source}](${address})`;
  };
  const add = (where: string, followed: string | undefined, { sources, contradictions }: Evidence): void => {
    for (const { source, says } of contradictions) {
      rows.push([
        `\`${where}\``,
        `${followed ?? ''} (${sources.map(link).join(', ')})`,
        `${says} (${link(source)})`,
      ]);
    }
  };
  const addEntry = (where: string, followed: string, entry: Sourced): void =>
    add(where, followed, annotated.evidence.get(entry) ?? NO_EVIDENCE);
  const addFields = (owner: string, fields: readonly AnnotatedField[]): void => {
    for (const { field, description, evidence } of fields) {
      add(`${owner}/${field.name}`, description, evidence);
    }
  };

  for (const list of annotated.constants) {
    addEntry(list.name, list.description, list);
    for (const [value, meaning] of list.values) {
      addEntry(`${list.name}/${value}`, meaning.description, meaning);
    }
  }
  for (const format of annotated.formats) addEntry(format.name, format.description, format);
  for (const { definition, description, evidence, fields, rules } of annotated.types) {
    add(definition.name, description, evidence);
    for (const rule of rules) addEntry(definition.name, rule.reason, rule);
    addFields(definition.name, fields);
  }
  for (const { operation, description, evidence, limits, input, output } of annotated.operations) {
    add(operation.name, description, evidence);
    for (const limit of limits) addEntry(operation.name, limit.text, limit);
    for (const rule of input.rules) addEntry(operation.name, rule.reason, rule);
    addFields(`${operation.name} input`, input.fields);
    addFields(`${operation.name} output`, output?.fields ?? []);
  }
  return rows;
}
