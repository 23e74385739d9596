import type { AnnotatedContract } from '../annotate/annotated.js';
import { type GeneratedFile, Imports, typescriptFile } from './generated-file.js';
import { docComment, docText, literal, literalKey, quote } from './source-text.js';

/** The table of the roles that may call each operation. */
export function emitRoles(annotated: AnnotatedContract): GeneratedFile {
  const imports = new Imports();
  imports.use('./operations.js', 'OperationName');
  const roles = [...annotated.roles]
    .map(([role, { description }]) => `  /** ${docText(description)} */\n  | ${quote(role)}`)
    .join('\n');
  const rows = annotated.operations.map(
    ({ operation, roles: allowed }) =>
      `  ${literalKey(operation.name)}: ${allowed === undefined ? 'undefined' : literal(allowed)},\n`,
  );
  const body =
    docComment(['Role of a user.']) +
    `export type Role =\n${roles};\n\n` +
    docComment([
      'Roles that can call each operation, as documented by the service; `undefined` if none are listed.',
    ]) +
    `export const operationRoles: Readonly<Record<OperationName, readonly Role[] | undefined>> = {\n${rows.join('')}};\n`;
  return typescriptFile('roles.ts', body, imports.byModule);
}
