import {
  _,
  Ajv,
  type Code,
  type CodeKeywordDefinition,
  type KeywordCxt,
  Name,
  nil,
  str,
  stringify,
} from 'ajv';
import { getProperty } from 'ajv/dist/compile/codegen/index.js';
import { Type } from 'ajv/dist/compile/util.js';
import type { Limits } from './limits.ts';
import type { Schema } from './schema.ts';

/**
 * Two ways to compile a definition:
 * - `check` stops at the first error and checks only what TypeScript's types express: shapes, required fields, types.
 *   Unknown fields and constants pass. Guards use it.
 * - `report` finds everything, up to a limit.
 */
export type Variant = 'check' | 'report';

/** The source of one compiled function and what it needs. */
export interface Compiled {
  readonly code: string;
  /** Other definitions that it calls. */
  readonly calls: readonly string[];
  /** Functions that it imports from the runtime. */
  readonly runtime: readonly string[];
  /** Values that it imports from the shared module. */
  readonly shared: readonly string[];
}

/** Values that several definitions need: lists of constants, patterns, rules. Each is written once. */
export class Shared {
  readonly #names = new Map<string, string>();

  name(kind: string, code: string): string {
    const known = this.#names.get(code);
    if (known !== undefined) return known;
    const name = `${kind}${this.#names.size}`;
    this.#names.set(code, name);
    return name;
  }

  /** The text of the module. Its calls are marked as pure, so that a bundler drops what is not used. */
  text(): string {
    return [...this.#names]
      .map(
        ([code, name]) =>
          `export const ${name} = ${code.startsWith('new ') ? '/* @__PURE__ */ ' : ''}${code};\n`,
      )
      .join('');
  }
}

/** A list ends after this many findings, so that hostile input does not cost memory. */
const MAX_ERRORS = 1000;

interface Pattern {
  readonly pattern: string;
  /** What the pattern stands for, in words. */
  readonly expected: string;
}

const SCHEMA_PATH = /,schemaPath:"(?:[^"\\]|\\.)*"/;

interface Known {
  readonly names: string[];
  readonly optional: string[];
  /** Maps names of the service's documentation to those on the wire. */
  readonly renamed: Readonly<Record<string, string>>;
  /** A message may name its JSON Schema in `$schema`. */
  readonly message: boolean;
}

export class Compiler {
  readonly #ajv: Ajv;
  readonly #variant: Variant;
  readonly #shared: Shared;
  #calls = new Set<string>();
  #runtime = new Set<string>();
  #constants = new Set<string>();

  constructor(variant: Variant, shared: Shared) {
    this.#variant = variant;
    this.#shared = shared;
    this.#ajv = new Ajv({
      allErrors: true,
      messages: false,
      strict: false,
      logger: false,
      unicode: false,
      validateSchema: false,
      code: { source: true, esm: true, lines: true },
    });
    for (const keyword of this.#keywords()) this.#ajv.addKeyword(keyword);
  }

  compile(name: string, schema: Schema): Compiled {
    this.#calls = new Set();
    this.#runtime = new Set();
    this.#constants = new Set();
    const validate = this.#ajv.compile({ ...schema });
    const source = validate.source;
    if (source === undefined) throw new Error(`no source for ${name}`);
    // Ajv keeps the whole schema in scope, but nothing that is compiled here reads it.
    const { schema: _unused, ...values } = source.scopeValues;
    const scope = String(this.#ajv.scope.scopeCode(values, {}));
    const body = this.#condense(source.validateCode, source.validateName.str);
    const code = `${scope}${body}`.replaceAll(source.validateName.str, functionName(this.#variant, name));
    for (const leftover of this.#variant === 'check'
      ? [/\bschema\d+\b/, /\berrors\b/, /instancePath/]
      : [/\bschema\d+\b/]) {
      if (leftover.test(code)) throw new Error(`${name} still contains ${leftover}`);
    }
    return { code, calls: [...this.#calls], runtime: [...this.#runtime], shared: [...this.#constants] };
  }

  /**
   * Ajv writes nine lines for every finding that it may add, and a signature for callers that pass a path. Here a finding
   * is one call, and ends a check, which halves the size and doubles the speed.
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
    if (this.#variant === 'report' && replaced > 0) this.#runtime.add('add');
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

  /** A value from the shared module. */
  #share(kind: string, code: Code): Name {
    const name = this.#shared.name(kind, String(code));
    this.#constants.add(name);
    return new Name(name);
  }

  #use(name: string): Name {
    this.#runtime.add(name);
    return new Name(name);
  }

  #keywords(): CodeKeywordDefinition[] {
    return [
      this.#ref(),
      this.#known(),
      this.#items(),
      this.#constant(),
      this.#text('ipsDateTime', ({ schema }) => (schema ? 'isDateTimeInput' : 'isDateTime')),
      this.#text('ipsBase64', ({ schema }) => (schema ? 'isBase64Input' : 'isBase64')),
      this.#format(),
      this.#pattern(),
      this.#inferred(),
      this.#rules(),
    ];
  }

  /** Calls the function of another definition, and puts its findings below the path of the call. */
  #ref(): CodeKeywordDefinition {
    return {
      keyword: 'ipsRef',
      schemaType: 'string',
      code: (cxt) => {
        const { gen, data, schema, it } = cxt;
        const target = String(schema);
        this.#calls.add(target);
        const call = new Name(functionName(this.#variant, target));
        if (this.#variant === 'check') {
          gen.if(_`!${call}(${data})`, () => gen.code(_`return false`));
          return;
        }
        const vErrors = new Name('vErrors');
        const errors = new Name('errors');
        const below = this.#use('below');
        gen.if(_`!${call}(${data})`, () => {
          const path = str`${new Name('instancePath')}${it.errorPath}`;
          gen.assign(vErrors, _`${below}(${vErrors}, ${call}.errors, ${path})`);
          gen.assign(errors, _`${vErrors}.length`);
        });
        cxt.ok(true);
      },
    };
  }

  /** Reports fields that the contract lacks, and keys that could change a prototype. */
  #known(): CodeKeywordDefinition {
    return {
      keyword: 'ipsKnown',
      type: 'object',
      schemaType: 'object',
      error: {
        message: '',
        params: ({ params }) =>
          _`{ name: ${params['key']}, known: ${params['known']}, renamed: ${params['renamed']} }`,
      },
      code: (cxt) => {
        if (this.#variant === 'check') return;
        const { gen, data, schema } = cxt;
        const { names, optional, renamed, message } = schema as Known;
        const known = this.#share('fields', _`new Set(${stringify(names)})`);
        const others = this.#share('renamed', stringify(renamed));
        const errors = new Name('errors');
        const key = gen.name('key');
        const keys = gen.const('keys', _`Object.keys(${data})`);
        // Nearly always all keys are known, and counting them is faster than looking up each.
        const present = optional.map((name) => _`(${data}${getProperty(name)} === undefined ? 0 : 1)`);
        const count = present.reduce((sum, one) => _`${sum} + ${one}`, _`${names.length - optional.length}`);
        // After an error the count proves nothing: an unknown key may stand in for a missing one.
        gen.if(_`${keys}.length !== ${count} || ${errors} > 0`);
        gen.for(_`const ${key} of ${keys}`, () => {
          gen.if(
            _`!${known}.has(${key}) && ${data}[${key}] !== undefined${message ? _` && ${key} !== "$schema"` : nil}`,
            () => {
              cxt.setParams({ key, known, renamed: others });
              cxt.error();
              gen.if(_`${errors} >= ${MAX_ERRORS}`, () => gen.break());
            },
          );
        });
        gen.endIf();
      },
    };
  }

  #items(): CodeKeywordDefinition {
    return {
      keyword: 'ipsItems',
      type: 'array',
      schemaType: 'object',
      code: (cxt) => {
        const { gen, data } = cxt;
        const errors = new Name('errors');
        const valid = gen.name('valid');
        gen.forRange('i', 0, _`${data}.length`, (i) => {
          cxt.subschema({ keyword: 'ipsItems', dataProp: i, dataPropType: Type.Num }, valid);
          if (this.#variant === 'report') gen.if(_`${errors} >= ${MAX_ERRORS}`, () => gen.break());
        });
      },
    };
  }

  #constant(): CodeKeywordDefinition {
    return {
      keyword: 'ipsConstant',
      type: 'string',
      schemaType: 'object',
      error: { message: '', params: ({ params }) => _`{ values: ${params['values']} }` },
      code: (cxt) => {
        if (this.#variant === 'check') return;
        const { data, schema } = cxt;
        const { values } = schema as { values: string[] };
        const known = this.#share('constants', _`new Set(${stringify(values)})`);
        cxt.setParams({ values: known });
        cxt.fail(_`!${known}.has(${data})`);
      },
    };
  }

  /** A value with its own syntax, whose check covers its type too. */
  #text(keyword: string, functionFor: (cxt: KeywordCxt) => string): CodeKeywordDefinition {
    return {
      keyword,
      schemaType: 'boolean',
      error: { message: '', params: ({ data }) => _`{ text: typeof ${data} === "string" }` },
      code: (cxt) => {
        const { data } = cxt;
        const name = functionFor(cxt);
        const test = this.#use(name);
        const textOnly = !name.endsWith('Input');
        cxt.pass(textOnly ? _`typeof ${data} === "string" && ${test}(${data})` : _`${test}(${data})`);
        if (keyword === 'ipsDateTime' && this.#variant === 'report') this.#offset(cxt);
      },
    };
  }

  #offset(cxt: KeywordCxt): void {
    const { gen, data, it } = cxt;
    const vErrors = new Name('vErrors');
    const errors = new Name('errors');
    const noOffset = this.#use('noOffset');
    const test = _`typeof ${data} === "string" && ${this.#use('isDateTime')}(${data}) && !${this.#use('hasOffset')}(${data})`;
    gen.if(test, () => {
      const path = str`${new Name('instancePath')}${it.errorPath}`;
      gen.assign(vErrors, _`${noOffset}(${vErrors}, ${path})`);
      gen.assign(errors, _`${vErrors}.length`);
    });
  }

  #format(): CodeKeywordDefinition {
    return {
      keyword: 'ipsFormat',
      type: 'string',
      schemaType: 'string',
      error: { message: '', params: ({ schema }) => _`{ format: ${schema} }` },
      code: (cxt) => {
        if (this.#variant === 'check') return;
        const { data, schema } = cxt;
        const test = this.#use(schema === 'uri' ? 'isUri' : 'isEmail');
        cxt.fail(_`!${test}(${data})`);
      },
    };
  }

  #pattern(): CodeKeywordDefinition {
    return {
      keyword: 'ipsPattern',
      type: 'string',
      schemaType: 'object',
      error: { message: '', params: ({ schema }) => _`{ expected: ${(schema as Pattern).expected} }` },
      code: (cxt) => {
        if (this.#variant === 'check') return;
        const { data, schema } = cxt;
        const { pattern } = schema as Pattern;
        const regexp = this.#share('pattern', _`new RegExp(${pattern}, "u")`);
        cxt.fail(_`!${regexp}.test(${data})`);
      },
    };
  }

  /** Reports what breaks limits that no source states. */
  #inferred(): CodeKeywordDefinition {
    return {
      keyword: 'ipsInferred',
      schemaType: 'object',
      error: {
        message: '',
        params: ({ params }) => _`{ limit: ${params['limit']}, kind: ${params['kind']} }`,
      },
      code: (cxt) => {
        if (this.#variant === 'check') return;
        const { gen, data, schema } = cxt;
        for (const [kind, limit] of Object.entries(schema as Limits)) {
          cxt.setParams({ limit: stringify(limit), kind: stringify(kind) });
          gen.if(beyond(data, kind, limit), () => cxt.error());
        }
      },
    };
  }

  #rules(): CodeKeywordDefinition {
    return {
      keyword: 'ipsRules',
      type: 'object',
      schemaType: 'array',
      error: {
        message: '',
        params: ({ params }) => _`{ rule: ${params['rule']}, present: ${params['present']} }`,
      },
      code: (cxt) => {
        if (this.#variant === 'check') return;
        const { gen, data, schema } = cxt;
        for (const rule of schema as { kind: string; fields: string[]; reason: string }[]) {
          const value = this.#share('rule', stringify(rule));
          const present = gen.const(
            'present',
            _`${value}.fields.filter((name) => ${data}[name] !== undefined)`,
          );
          const conditions = {
            exactlyOne: _`${present}.length !== 1`,
            atMostOne: _`${present}.length > 1`,
            atLeastOne: _`${present}.length === 0`,
          };
          const condition = conditions[rule.kind as keyof typeof conditions];
          cxt.setParams({ rule: value, present });
          gen.if(condition, () => cxt.error());
        }
      },
    };
  }
}

/** Whether a value of the right type is beyond a limit. */
function beyond(data: Name, kind: string, limit: number): Code {
  const size = kind.endsWith('Length')
    ? _`typeof ${data} === "string" && [...${data}].length`
    : kind.endsWith('Items')
      ? _`Array.isArray(${data}) && ${data}.length`
      : _`typeof ${data} === "number" && ${data}`;
  return kind.startsWith('min') ? _`${size} < ${limit}` : _`${size} > ${limit}`;
}

/** The name of a compiled function. */
export function functionName(variant: Variant, name: string): string {
  return `${variant}${name.charAt(0).toUpperCase()}${name.slice(1)}`;
}
