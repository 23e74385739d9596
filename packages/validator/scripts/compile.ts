import { Ajv } from 'ajv';
import { keywords } from './keywords.ts';
import { functionName, Needs, type Shared, type Variant } from './needs.ts';
import type { Schema } from './schema.ts';

/** The source of a compiled function, and its dependencies. */
export interface Compiled {
  readonly code: string;
  /** Other definitions that it calls. */
  readonly calls: readonly string[];
  /** Functions that it imports from the runtime. */
  readonly runtime: readonly string[];
  /** Values that it imports from the shared module. */
  readonly shared: readonly string[];
}

const SCHEMA_PATH = /,schemaPath:"(?:[^"\\]|\\.)*"/;

export class Compiler {
  readonly #ajv: Ajv;
  readonly #variant: Variant;
  readonly #needs: Needs;

  constructor(variant: Variant, shared: Shared) {
    this.#variant = variant;
    this.#needs = new Needs(variant, shared);
    this.#ajv = new Ajv({
      allErrors: true,
      messages: false,
      strict: false,
      logger: false,
      unicode: false,
      validateSchema: false,
      code: { source: true, esm: true, lines: true },
    });
    for (const keyword of keywords(this.#needs)) this.#ajv.addKeyword(keyword);
  }

  compile(name: string, schema: Schema): Compiled {
    this.#needs.clear();
    const validate = this.#ajv.compile({ ...schema });
    const source = validate.source;
    if (source === undefined) throw new Error(`no source for ${name}`);
    // Ajv keeps the whole schema in scope, but the code compiled here does not read it.
    const { schema: _unused, ...values } = source.scopeValues;
    const scope = String(this.#ajv.scope.scopeCode(values, {}));
    const body = this.#condense(source.validateCode, source.validateName.str);
    const code = `${scope}${body}`.replaceAll(source.validateName.str, functionName(this.#variant, name));
    for (const leftover of this.#variant === 'check'
      ? [/\bschema\d+\b/, /\berrors\b/, /instancePath/]
      : [/\bschema\d+\b/]) {
      if (leftover.test(code)) throw new Error(`${name} still contains ${leftover}`);
    }
    const { calls, runtime, constants } = this.#needs;
    return { code, calls: [...calls], runtime: [...runtime], shared: [...constants] };
  }

  /**
   * Ajv writes nine lines for every possible finding, and a signature for callers that pass a path. Here a finding is one call, and
   * ends a check. This halves the size and doubles the speed.
   */
  #condense(code: string, name: string): string {
    const expected = code.match(/const err\d+ = /g)?.length ?? 0;
    let replaced = 0;
    const condensed = code.replace(
      /const (err\d+) = (\{.*\});\nif\(vErrors === null\)\{\nvErrors = \[\1\];\n\}\nelse \{\nvErrors\.push\(\1\);\n\}\nerrors\+\+;/g,
      (_match, _name: string, error: string) => {
        replaced += 1;
        return this.#variant === 'check'
          ? 'return false;'
          : `vErrors = add(vErrors, ${error.replace(SCHEMA_PATH, '')});\nerrors++;`;
      },
    );
    if (replaced !== expected) throw new Error(`condensed ${replaced} of ${expected} findings`);
    if (this.#variant === 'report' && replaced > 0) this.#needs.use('add');
    const replacements: [from: string, to: string][] =
      this.#variant === 'check'
        ? [
            ['let vErrors = null;\nlet errors = 0;\n', ''],
            [`${name}.errors = vErrors;\nreturn errors === 0;`, 'return true;'],
          ]
        : [['let vErrors = null;', 'let instancePath = "";\nlet vErrors = null;']];
    replacements.push([', {instancePath="", parentData, parentDataProperty, rootData=data}={}', '']);
    return replacements.reduce((text, [from, to]) => {
      if (!text.includes(from)) throw new Error(`expected ${JSON.stringify(from)} in the code of Ajv`);
      return text.replace(from, to);
    }, condensed);
  }
}
