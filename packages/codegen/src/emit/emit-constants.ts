import type { AnnotatedContract } from '../annotate/annotated.js';
import { NO_EVIDENCE } from '../annotate/evidence.js';
import type { Sourced } from '../overlay/overlay.js';
import { evidenceRemarks, seeTag } from './describe-evidence.js';
import { type GeneratedFile, typescriptFile } from './generated-file.js';
import { described, docComment, docText, literal, quote } from './source-text.js';

/** The constant lists as open unions. */
export function emitConstantTypes({ constants, evidence, sources }: AnnotatedContract): GeneratedFile {
  const body = constants.map((list) => {
    const remarksOf = (entry: Sourced, note?: string): string[] =>
      evidenceRemarks(evidence.get(entry) ?? NO_EVIDENCE, list.page, note);
    const values = [...list.values]
      .map(([value, meaning]) => {
        const text = [meaning.description, ...remarksOf(meaning)].join(' ');
        return `\n  /** ${docText(text)} */\n  | ${quote(value)}`;
      })
      .join('');
    const spellings = [...list.spellings]
      .map(([spelling, value]) => `\n  /** Alternative spelling of \`${value}\`. */\n  | ${quote(spelling)}`)
      .join('');
    const known = `Known${list.name}`;
    const remarks = [
      'Open list: the service can return values that are not listed.',
      ...remarksOf(list, list.note),
    ];
    return (
      docComment([`Known values of {@link ${list.name}}.`]) +
      `export type ${known} =${values}${spellings};\n\n` +
      docComment([
        docText(list.description),
        `@remarks ${docText(remarks.join(' '))}`,
        seeTag(list.page, sources),
      ]) +
      `export type ${list.name} = ${known} | (string & {});\n`
    );
  });
  return typescriptFile('constants.ts', body.join('\n'));
}

/** The values of the constant lists, the roles and the fault codes, for use at run time. */
export function emitConstants(annotated: AnnotatedContract): GeneratedFile {
  const parts = annotated.constants.map((list) => {
    const values = [...list.values.keys()].map((value) => `  ${quote(value)},\n`).join('');
    return (
      docComment([docText(described(list)), `@remarks The service's list "${docText(list.title)}".`]) +
      `export const ${constantName(list.name)} = [\n${values}] as const;\n`
    );
  });
  const spellings = annotated.constants
    .filter((list) => list.spellings.size > 0)
    .map((list) => `  ${list.name}: ${literal(Object.fromEntries(list.spellings))},\n`);
  parts.push(
    docComment([
      'Alternative spellings that the service is known to use, by list, each with the value it represents.',
    ]) +
      `export const constantSpellings: Readonly<Record<string, Readonly<Record<string, string>>>> = {\n${spellings.join('')}};\n`,
  );
  if (annotated.faultCodes.length > 0) {
    const codes = annotated.faultCodes.map(
      ({ code, name, fault, description }) => `  ${code}: ${literal({ name, fault, description })},\n`,
    );
    parts.push(
      docComment(['Fault codes by number, with their names and meanings.']) +
        `export const faultCodes = {\n${codes.join('')}} as const;\n`,
    );
  }
  return typescriptFile('constant-values.ts', parts.join('\n'));
}

/** `ActiveJobState` → `activeJobStates`. */
export function constantName(list: string): string {
  const lower = list.charAt(0).toLowerCase() + list.slice(1);
  return lower.endsWith('s') || lower.endsWith('x') ? `${lower}es` : `${lower}s`;
}
