import { _, type Code, type CodeKeywordDefinition, type KeywordCxt, Name, nil, str, stringify } from 'ajv';
import { getProperty } from 'ajv/dist/compile/codegen/index.js';
import { Type } from 'ajv/dist/compile/util.js';
import type { Limits } from './limits.ts';
import type { Needs } from './needs.ts';

/** The maximum number of findings, so hostile input cannot exhaust memory. */
const MAX_ERRORS = 1000;

interface Pattern {
  readonly pattern: string;
  /** The meaning of the pattern, in words. */
  readonly expected: string;
}

interface Known {
  readonly names: string[];
  readonly optional: string[];
  /** Maps names in the service's documentation to names on the wire. */
  readonly renamed: Readonly<Record<string, string>>;
  /** Whether the value can refer to its JSON Schema in `$schema`. */
  readonly message: boolean;
}

/** The keywords that {@link Compiler} adds to JSON Schema. */
export function keywords(needs: Needs): CodeKeywordDefinition[] {
  return [
    ref(needs),
    known(needs),
    items(needs),
    constant(needs),
    text(needs, 'ipsDateTime', ({ schema }) => (schema ? 'isDateTimeInput' : 'isDateTime')),
    text(needs, 'ipsBase64', ({ schema }) => (schema ? 'isBase64Input' : 'isBase64')),
    xmlText(needs),
    format(needs),
    pattern(needs),
    inferred(needs),
    rules(needs),
  ];
}

/** Calls the function of another definition, and puts its findings below the path of the call. */
function ref(needs: Needs): CodeKeywordDefinition {
  return {
    keyword: 'ipsRef',
    schemaType: 'object',
    code: (cxt) => {
      const { gen, data, schema, it } = cxt;
      // Whether values of the definition may contain others of the same definition.
      const { name, nests } = schema as { readonly name: string; readonly nests: boolean };
      const call = needs.call(name);
      if (needs.variant === 'check') {
        gen.if(_`!${call}(${data})`, () => gen.code(_`return false`));
        return;
      }
      const vErrors = new Name('vErrors');
      const errors = new Name('errors');
      const below = needs.use('below');
      const valid = nests ? _`${needs.use('nested')}(${call}, ${data})` : _`${call}(${data})`;
      gen.if(_`!${valid}`, () => {
        const path = str`${new Name('instancePath')}${it.errorPath}`;
        gen.assign(vErrors, _`${below}(${vErrors}, ${call}.errors, ${path})`);
        gen.assign(errors, _`${vErrors}.length`);
      });
      cxt.ok(true);
    },
  };
}

/** Reports unknown fields, inherited fields, and keys that could change a prototype. */
function known(needs: Needs): CodeKeywordDefinition {
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
      if (needs.variant === 'check') return;
      const { gen, data, schema } = cxt;
      const { names, optional, renamed, message } = schema as Known;
      const known = needs.share('fields', _`new Set(${stringify(names)})`);
      const others = needs.share('renamed', stringify(renamed));
      gen.if(_`${needs.use('isUnusual')}(${data})`, () => {
        note(cxt, _`${needs.use('unusual')}`, _`, ${data}, ${known}`);
      });
      const errors = new Name('errors');
      const key = gen.name('key');
      const keys = gen.const('keys', _`Object.keys(${data})`);
      // Nearly always all keys are known, and counting them is faster than looking up each one.
      const present = optional.map((name) => _`(${data}${getProperty(name)} === undefined ? 0 : 1)`);
      const count = present.reduce((sum, one) => _`${sum} + ${one}`, _`${names.length - optional.length}`);
      // After an error the count is inconclusive, because an unknown key may replace a missing one.
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

function items(needs: Needs): CodeKeywordDefinition {
  return {
    keyword: 'ipsItems',
    type: 'array',
    schemaType: 'object',
    code: (cxt) => {
      const { gen, data } = cxt;
      const errors = new Name('errors');
      const valid = gen.name('valid');
      if (needs.variant === 'report') {
        gen.if(_`${needs.use('hasUnknownElements')}(${data})`, () => {
          note(cxt, _`${needs.use('addAt')}`, _`, "unknownElements"`);
        });
      }
      gen.forRange('i', 0, _`${data}.length`, (i) => {
        cxt.subschema({ keyword: 'ipsItems', dataProp: i, dataPropType: Type.Num }, valid);
        if (needs.variant === 'report') gen.if(_`${errors} >= ${MAX_ERRORS}`, () => gen.break());
      });
    },
  };
}

function constant(needs: Needs): CodeKeywordDefinition {
  return {
    keyword: 'ipsConstant',
    type: 'string',
    schemaType: 'object',
    error: { message: '', params: ({ params }) => _`{ values: ${params['values']} }` },
    code: (cxt) => {
      if (needs.variant === 'check') return;
      const { data, schema } = cxt;
      const { values } = schema as { values: string[] };
      const known = needs.share('constants', _`new Set(${stringify(values)})`);
      cxt.setParams({ values: known });
      cxt.fail(_`!${known}.has(${data})`);
      textOf(needs, cxt, _`!${known}.has(${data})`);
    },
  };
}

/** A value with its own syntax, whose check covers its type too. */
function text(
  needs: Needs,
  keyword: string,
  functionFor: (cxt: KeywordCxt) => string,
): CodeKeywordDefinition {
  return {
    keyword,
    schemaType: 'boolean',
    error: { message: '', params: ({ data }) => _`{ text: typeof ${data} === "string" }` },
    code: (cxt) => {
      const { data } = cxt;
      const name = functionFor(cxt);
      const test = needs.use(name);
      const textOnly = !name.endsWith('Input');
      cxt.pass(textOnly ? _`typeof ${data} === "string" && ${test}(${data})` : _`${test}(${data})`);
      if (keyword === 'ipsDateTime' && needs.variant === 'report') offset(needs, cxt);
    },
  };
}

function offset(needs: Needs, cxt: KeywordCxt): void {
  const { gen, data } = cxt;
  const test = _`typeof ${data} === "string" && ${needs.use('isDateTime')}(${data}) && !${needs.use('hasOffset')}(${data})`;
  gen.if(test, () => note(cxt, _`${needs.use('addAt')}`, _`, "noOffset"`));
}

/** Calls a function of the runtime that adds findings at the path of a value. */
function note({ gen, it }: KeywordCxt, add: Code, values: Code): void {
  const vErrors = new Name('vErrors');
  gen.assign(vErrors, _`${add}(${vErrors}, ${str`${new Name('instancePath')}${it.errorPath}`}${values})`);
  gen.assign(new Name('errors'), _`${vErrors}.length`);
}

/** Reports text that cannot be sent. */
function xmlText(needs: Needs): CodeKeywordDefinition {
  return {
    keyword: 'ipsText',
    type: 'string',
    schemaType: 'boolean',
    code: (cxt) => {
      if (needs.variant === 'check') return;
      // Most fields are texts, so inline findings would be a large part of the package.
      cxt.gen.if(_`!${needs.use('isXmlText')}(${cxt.data})`, () =>
        note(cxt, _`${needs.use('addText')}`, nil),
      );
    },
  };
}

function format(needs: Needs): CodeKeywordDefinition {
  return {
    keyword: 'ipsFormat',
    type: 'string',
    schemaType: 'string',
    error: { message: '', params: ({ schema }) => _`{ format: ${schema} }` },
    code: (cxt) => {
      if (needs.variant === 'check') return;
      const { data, schema } = cxt;
      const test = needs.use(schema === 'uri' ? 'isUri' : 'isEmail');
      cxt.fail(_`!${test}(${data})`);
      textOf(needs, cxt, _`!${test}(${data})`);
    },
  };
}

/** Reports text that cannot be sent, after other checks that may have added findings. */
function textOf(needs: Needs, cxt: KeywordCxt, suspicious: Code): void {
  cxt.gen.if(_`${suspicious} && !${needs.use('isXmlText')}(${cxt.data})`, () => {
    note(cxt, _`${needs.use('addText')}`, nil);
  });
}

function pattern(needs: Needs): CodeKeywordDefinition {
  return {
    keyword: 'ipsPattern',
    type: 'string',
    schemaType: 'object',
    error: { message: '', params: ({ schema }) => _`{ expected: ${(schema as Pattern).expected} }` },
    code: (cxt) => {
      if (needs.variant === 'check') return;
      const { data, schema } = cxt;
      const { pattern } = schema as Pattern;
      const regexp = needs.share('pattern', _`new RegExp(${pattern}, "u")`);
      cxt.fail(_`!${regexp}.test(${data})`);
    },
  };
}

/** Reports values that exceed undocumented limits. */
function inferred(needs: Needs): CodeKeywordDefinition {
  return {
    keyword: 'ipsInferred',
    schemaType: 'object',
    error: {
      message: '',
      params: ({ params }) => _`{ limit: ${params['limit']}, kind: ${params['kind']} }`,
    },
    code: (cxt) => {
      if (needs.variant === 'check') return;
      const { gen, data, schema } = cxt;
      for (const [kind, limit] of Object.entries(schema as Limits)) {
        cxt.setParams({ limit: stringify(limit), kind: stringify(kind) });
        gen.if(beyond(data, kind, limit), () => cxt.error());
      }
    },
  };
}

function rules(needs: Needs): CodeKeywordDefinition {
  return {
    keyword: 'ipsRules',
    type: 'object',
    schemaType: 'array',
    error: {
      message: '',
      params: ({ params }) => _`{ rule: ${params['rule']}, present: ${params['present']} }`,
    },
    code: (cxt) => {
      if (needs.variant === 'check') return;
      const { gen, data, schema } = cxt;
      for (const rule of schema as { kind: string; fields: string[]; reason: string }[]) {
        const value = needs.share('rule', stringify(rule));
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

/** Whether a value of the right type exceeds a limit. */
function beyond(data: Name, kind: string, limit: number): Code {
  const size = kind.endsWith('Length')
    ? _`typeof ${data} === "string" && [...${data}].length`
    : kind.endsWith('Items')
      ? _`Array.isArray(${data}) && ${data}.length`
      : _`typeof ${data} === "number" && ${data}`;
  return kind.startsWith('min') ? _`${size} < ${limit}` : _`${size} > ${limit}`;
}
