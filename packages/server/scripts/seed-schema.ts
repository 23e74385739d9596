// Writes src/seed/seed.schema.json, the JSON Schema of seed files for editors, from the types in src/seed/seed-types.ts. With --check,
// compares instead of writing.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { permissionTypes, userRoles } from '@ips-sdk/types/constants';
import { jobKinds } from '@ips-sdk/types/jobs';
import TJS from 'typescript-json-schema';
import { FIELD_TYPES } from '../dist/metadata/field-types.js';

type Definition = Record<string, unknown> & { properties: Record<string, Record<string, unknown>> };

const SOURCE = fileURLToPath(new URL('../src/seed/seed-types.ts', import.meta.url));
const TARGET = fileURLToPath(new URL('../src/seed/seed.schema.json', import.meta.url));

const program = TJS.getProgramFromFiles([SOURCE], { strictNullChecks: false, types: [] });
const schema = TJS.generateSchema(program, 'Seed', { required: true, noExtraProps: true, ref: true });
if (schema?.definitions === undefined) throw new Error('typescript-json-schema produced no definitions');
const definitions = schema.definitions as Record<string, Definition>;

function property(type: string, name: string): Record<string, unknown> {
  const found = definitions[type]?.properties[name];
  if (found === undefined) throw new Error(`${type} has no property ${name}`);
  return found;
}

// What the types leave open, the server checks.
property('SeedMembership', 'role')['enum'] = [...userRoles];
property('SeedField', 'type')['enum'] = [...FIELD_TYPES];
property('SeedJob', 'kind')['enum'] = [...jobKinds];
for (const name of ['allow', 'deny'])
  property('SeedPermission', name)['items'] = { type: 'string', enum: [...permissionTypes] };
for (const name of ['width', 'height'])
  Object.assign(property('SeedPicture', name), { type: 'integer', minimum: 1, maximum: 10_000 });
for (const name of ['width', 'height'])
  Object.assign(property('SeedSmartCrop', name), { type: 'integer', minimum: 1 });
for (const name of ['left', 'top', 'width', 'height'])
  Object.assign(property('SeedRect', name), { minimum: 0, maximum: 1 });
Object.assign(property('SeedCompany', 'imageFormats'), { propertyNames: { pattern: '^[\\w.-]+$' } });
Object.assign(property('SeedAsset', 'count'), { type: 'integer', minimum: 1, maximum: 100_000 });
for (const name of ['color', 'background']) property('SeedPicture', name)['pattern'] = '^#[0-9a-fA-F]{6}$';

const text = `${JSON.stringify({ ...schema, title: 'Seed of an IPS server' }, null, 2)}\n`;
if (!process.argv.includes('--check')) writeFileSync(TARGET, text);
else if (readFileSync(TARGET, 'utf8') !== text) {
  console.error(`${TARGET} is stale; run npm run generate and commit the result`);
  process.exitCode = 1;
}
