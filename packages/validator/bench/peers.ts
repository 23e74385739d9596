import { readFileSync } from 'node:fs';
import { Compile } from 'typebox/compile';
import * as z from 'zod';

type Schema = { readonly [key: string]: unknown };

const file = new URL(import.meta.resolve('@ips-sdk/types/schema/ips.json'));
const { definitions } = JSON.parse(readFileSync(file, 'utf8')) as { definitions: Record<string, Schema> };

/** What a peer has to check: what a guard checks, or everything that strict mode checks. */
export type Depth = 'guard' | 'strict';

/** The published schema without references, with only the keywords that the depth requires. */
export function inlined(name: string, depth: Depth): Schema {
  const walk = (schema: Schema): Schema => {
    if (typeof schema['$ref'] === 'string')
      return walk(definitions[schema['$ref'].replace('#/definitions/', '')] as Schema);
    const { description: _d, examples: _e, default: _f, allOf, ...rest } = schema;
    if (rest['type'] === 'object') {
      const { $schema: _s, ...properties } = rest['properties'] as Record<string, Schema>;
      return {
        type: 'object',
        properties: Object.fromEntries(Object.entries(properties).map(([key, value]) => [key, walk(value)])),
        required: rest['required'] ?? [],
        ...(depth === 'strict' ? { additionalProperties: false, ...(allOf ? { allOf } : {}) } : {}),
      };
    }
    if (rest['type'] === 'array') return { ...rest, items: walk(rest['items'] as Schema) };
    if (depth === 'strict') return rest;
    const { enum: _enum, pattern: _pattern, format, ...guard } = rest;
    return format === 'date-time' ? { ...guard, format } : guard;
  };
  return walk(definitions[name] as Schema);
}

export function typeboxCheck(schema: Schema): (value: unknown) => boolean {
  const validator = Compile(schema as never);
  return (value) => validator.Check(value);
}

export function zodCheck(schema: Schema, depth: Depth): (value: unknown) => boolean {
  const type = toZod(schema, depth);
  return (value) => type.safeParse(value).success;
}

function toZod(schema: Schema, depth: Depth): z.ZodType {
  const { type, minimum, maximum } = schema as { type: string; minimum?: number; maximum?: number };
  switch (type) {
    case 'object': {
      const required = new Set(schema['required'] as string[]);
      const shape = Object.fromEntries(
        Object.entries(schema['properties'] as Record<string, Schema>).map(([key, value]) => {
          const field = toZod(value, depth);
          return [key, required.has(key) ? field : field.optional()];
        }),
      );
      return depth === 'strict' ? z.strictObject(shape) : z.looseObject(shape);
    }
    case 'array':
      return z.array(toZod(schema['items'] as Schema, depth));
    case 'integer':
    case 'number': {
      let number: z.ZodNumber = type === 'integer' ? z.int() : z.number();
      if (minimum !== undefined) number = number.min(minimum);
      if (maximum !== undefined) number = number.max(maximum);
      return number;
    }
    case 'boolean':
      return z.boolean();
    default:
      return toZodString(schema);
  }
}

function toZodString(schema: Schema): z.ZodType {
  if (schema['enum']) return z.enum(schema['enum'] as [string, ...string[]]);
  if (schema['format'] === 'date-time') return z.iso.datetime({ offset: true });
  if (schema['format'] === 'email') return z.email();
  if (schema['format'] === 'uri') return z.url();
  if (schema['pattern']) return z.string().regex(new RegExp(schema['pattern'] as string, 'u'));
  return z.string();
}
