// Generates schema/ips.json from the contract: typescript-json-schema reads the closed form of the generated types, and this
// script adds everything that the tool cannot express. With --check, compares instead of writing.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { emitSchemaSource, generate } from '@ips-sdk/codegen';
import TJS from 'typescript-json-schema';
import { mendDefinitions } from './mend-definitions.ts';

const TARGET = 'schema/ips.json';

function schemaText(): string {
  const { annotated } = generate({ wsdl: 'wsdl/IpsApi-2014-04-03.wsdl', overlay: 'overlay' });
  const folder = mkdtempSync(join(tmpdir(), 'ips-schema-'));
  try {
    const file = join(folder, 'closed.ts');
    writeFileSync(file, emitSchemaSource(annotated));
    // With strictNullChecks, the tool sees `T | undefined` in an optional field, numbers T again and loses `@items`.
    const program = TJS.getProgramFromFiles([file], { strictNullChecks: false, types: [] });
    const schema = TJS.generateSchema(program, '*', {
      required: true,
      noExtraProps: true,
      aliasRef: true,
      ref: true,
    });
    if (schema?.definitions === undefined) throw new Error('typescript-json-schema produced no definitions');
    const document = {
      $schema: 'http://json-schema.org/draft-07/schema#',
      $id: 'ips.json',
      title: `IPS API ${annotated.contract.version}`,
      $comment: 'Generated from the WSDL and the overlay. Do not edit: run npm run generate.',
      definitions: mendDefinitions(schema.definitions as Record<string, Record<string, unknown>>, annotated),
    };
    return `${JSON.stringify(document, null, 2)}\n`;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const text = schemaText();
if (process.argv.includes('--check')) {
  if (readFileSync(TARGET, 'utf8') !== text) {
    console.error(`${TARGET} is stale; run npm run generate and commit the result`);
    process.exitCode = 1;
  } else {
    console.log(`${TARGET} is up to date`);
  }
} else {
  mkdirSync('schema', { recursive: true });
  writeFileSync(TARGET, text);
  console.log(`${TARGET}: ${Math.round(text.length / 1024)} KiB`);
}
