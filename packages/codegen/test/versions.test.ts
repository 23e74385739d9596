// An overlay of one version on another, and a version written as its difference.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { main } from '../src/cli.js';
import { CodegenError, generate, writeOutput } from '../src/index.js';
import { folderWith, wsdlWith } from './support/wsdl.js';

const require = createRequire(import.meta.url);
const tsc = join(dirname(require.resolve('typescript/package.json')), 'bin/tsc');

const type = (name: string, fields: string): string =>
  `<xs:complexType name="${name}"><xs:sequence>${fields}</xs:sequence></xs:complexType>`;
const field = (name: string, of = 'xs:string'): string =>
  `<xs:element name="${name}" type="${of}" minOccurs="0"/>`;
const book = (fields: string, more = ''): string =>
  type('Book', fields) + type('Shelf', field('first', 't:Book')) + type('Page', field('text')) + more;
const input = field('shelf', 't:Shelf') + field('page', 't:Page');

/** Two versions of a service and an overlay of the older one. */
function versions(overlayOf: string | undefined): string {
  const older = wsdlWith(book(field('title') + field('isbn')), { input }).replaceAll(
    'urn:t',
    'urn:t/2014-04-03',
  );
  const newer = wsdlWith(book(field('title') + field('pages', 'xs:int'), type('Ink', field('color'))), {
    input,
  }).replaceAll('urn:t', 'urn:t/2020-01-01');
  const overlay = [
    ...(overlayOf === undefined ? [] : [`contract: ${overlayOf}`]),
    'area: books',
    'title: Books',
    'description: What there is to read.',
    'types:',
    '  Book: { description: A book., rules: [{ exactlyOne: [title, isbn], reason: One key., view: BookByKey }], fields: { title: { description: Its title. }, isbn: { description: Its number. } } }',
    '  Shelf: { description: A shelf., fields: { first: { description: A book. } } }',
    '  Page: { description: A page., fields: { text: { description: Its text. } } }',
    'operations:',
    '  call: { description: Reads., idempotency: safe, input: { shelf: { description: A shelf. }, page: { description: A page. } } }',
  ];
  return folderWith({ 'older.wsdl': older, 'newer.wsdl': newer, 'overlay.yaml': `${overlay.join('\n')}\n` });
}

describe('an overlay of another version', () => {
  it('is no obstacle: the output is written, and the gaps are listed', async () => {
    const folder = versions('2014-04-03');
    let err = '';
    const out = join(folder, 'out');
    const code = await main(
      ['generate', '--wsdl', join(folder, 'newer.wsdl'), '--overlay', folder, '--out', out],
      { out: () => undefined, err: (text) => void (err += text) },
    );
    expect(err).toContain('warning: ');
    expect(err).toContain('"Book" has no field "isbn" [unknown-overlay-name]');
    expect(err).toContain('the overlay does not describe the field "Book/pages" [uncovered]');
    expect(err).toContain('the overlay does not describe the type "Ink" [uncovered]');
    expect(err).toMatch(/^\d+ gaps: the overlay describes a version other than 2020-01-01\.$/m);
    expect(code).toBe(0);
    expect(readFileSync(join(out, 'books.ts'), 'utf8')).toContain('pages?: number');
  });

  it('is an error for its own version, and for any version where it names none', () => {
    for (const overlayOf of [undefined, '2020-01-01']) {
      const folder = versions(overlayOf);
      const run = () => generate({ wsdl: join(folder, 'newer.wsdl'), overlay: folder });
      expect(run).toThrow(CodegenError);
    }
  });
});

describe('a version as its difference from another', () => {
  it('can have an overlay of its own, which the other does not need', () => {
    const folder = versions('2014-04-03');
    const additions = join(folder, 'additions');
    mkdirSync(additions);
    const overlay = [
      'area: ink',
      'title: Ink',
      'description: Only in the newer version.',
      'types:',
      '  Ink: { description: A color to print with. }',
    ];
    writeFileSync(join(additions, 'ink.yaml'), `${overlay.join('\n')}\n`);
    const input = {
      wsdl: join(folder, 'newer.wsdl'),
      overlay: folder,
      base: { wsdl: join(folder, 'older.wsdl'), module: '../all' },
    };
    const undescribed = (given: object): boolean =>
      generate({ ...input, ...given }).annotated.gaps?.some(({ message }) =>
        message.includes('type "Ink"'),
      ) === true;
    expect([undescribed({}), undescribed({ additions })]).toEqual([true, false]);
    const [types] = generate({ ...input, additions }).files.map(({ text }) => text);
    expect(types).toContain('A color to print with.');
  });

  it('declares what differs and what refers to it, takes the rest from the other, and compiles', () => {
    const folder = versions('2014-04-03');
    const base = join(folder, 'older.wsdl');
    writeOutput(join(folder, 'all'), generate({ wsdl: base, overlay: folder }).files);
    const { files } = generate({
      wsdl: join(folder, 'newer.wsdl'),
      overlay: folder,
      base: { wsdl: base, module: '../all' },
    });
    mkdirSync(join(folder, 'newer'));
    writeOutput(join(folder, 'newer'), files);
    const [types, contract] = files.map(({ text }) => text);
    const declared = [...(types ?? '').matchAll(/^export (?:interface|type) (\w+)/gm)].map(
      ([, name]) => name,
    );
    expect(declared).toEqual(expect.arrayContaining(['Book', 'Shelf', 'Ink', 'NamedTypes', 'Operations']));
    expect(declared).not.toContain('Page');
    expect(types).toMatch(/^ {2}Page,$/m);
    expect(contract).toContain('...base.types');
    expect(contract).not.toContain('Page: {');

    writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
    const options = ['--noEmit', '--strict', '--exactOptionalPropertyTypes', '--target', 'es2023'];
    const compiled = execFileSync(
      process.execPath,
      [tsc, ...options, '--module', 'nodenext', '--types', '', 'newer/contract.ts', 'newer/types.ts'],
      { cwd: folder, encoding: 'utf8' },
    );
    expect(compiled).toBe('');
  });
});
