// Writes the JSON Schemas to dist/schema: ips.json with all definitions, and a file for each type and message that refers to
// it, so an editor needs only `"$schema": ".../submitJobParam.json"`. dist/schema/open contains the same schemas with open
// lists of constants, for validating responses of newer services. The XML Schemas in the WSDL become separate files in dist/xsd,
// for XML validators.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { contract } from '../src/generated/contract.ts';
import { docs } from '../src/generated/docs.ts';

type Schema = Record<string, unknown>;
interface Document {
  readonly definitions: Record<string, Schema>;
}

const closed = JSON.parse(readFileSync('schema/ips.json', 'utf8')) as Document;
rmSync('dist/schema', { recursive: true, force: true });
publish('dist/schema', closed);
publish('dist/schema/open', open(closed));
publishXsd('wsdl/IpsApi-2014-04-03.wsdl');

function publish(folder: string, document: Document): void {
  mkdirSync(folder, { recursive: true });
  const write = (name: string, value: unknown) =>
    writeFileSync(`${folder}/${name}`, `${JSON.stringify(value)}\n`);
  write('ips.json', document);
  const elements = new Map(
    Object.entries(contract.messages).map(([name, message]) => [name, message.element]),
  );
  for (const [name, { description }] of Object.entries(document.definitions)) {
    // The header exists in two namespaces, so its element alone would name two schemas.
    const element = name.startsWith('Unversioned') ? undefined : elements.get(name);
    const file = `${element ?? name}.json`;
    const head = {
      $schema: 'http://json-schema.org/draft-07/schema#',
      $id: file,
      title: element ?? name,
      description,
    };
    write(file, { ...head, $ref: `ips.json#/definitions/${name}` });
  }
}

/** Makes every list of constants accept other strings as well. */
function open(document: Document): Document {
  const lists = new Set(Object.keys(docs.constants));
  const walk = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(walk);
    if (typeof value !== 'object' || value === null) return value;
    const schema = value as Schema;
    const result = Object.fromEntries(Object.entries(schema).map(([key, v]) => [key, walk(v)]));
    if (!Array.isArray(schema['enum'])) return result;
    const { enum: values, type, ...rest } = result;
    return { ...rest, anyOf: [{ type, enum: values }, { type }] };
  };
  const definitions = Object.fromEntries(
    Object.entries(document.definitions).map(([name, d]) => [name, walk(d)]),
  );
  if (![...lists].every((name) => 'anyOf' in (definitions[name] as Schema)))
    throw new Error('a list of constants is still closed');
  return { ...document, definitions: definitions as Record<string, Schema> };
}

/** Writes `xsd/ips.xsd`, with the messages and types, and `xsd/ips-base.xsd`, with the faults and the unversioned header. */
function publishXsd(wsdl: string): void {
  const text = readFileSync(wsdl, 'utf8');
  const namespaces = text.match(/xmlns:(?:types|base|xsd)="[^"]+"/g)?.join(' ');
  const schemas = text.match(/<xsd:schema [\s\S]*?<\/xsd:schema>/g) ?? [];
  if (schemas.length !== 2) throw new Error(`expected two schemas in ${wsdl}, found ${schemas.length}`);
  mkdirSync('dist/xsd', { recursive: true });
  for (const schema of schemas) {
    const name = schema.includes('targetNamespace="http://www.scene7.com/IpsApi/xsd"')
      ? 'ips-base.xsd'
      : 'ips.xsd';
    const body = schema.replace('<xsd:schema ', `<xsd:schema ${namespaces} `).replace(/^ {4}/gm, '');
    writeFileSync(`dist/xsd/${name}`, `<?xml version="1.0" encoding="UTF-8"?>\n${body}\n`);
  }
}
