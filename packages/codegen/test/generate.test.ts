import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { generate, writeOutput } from '../src/index.js';
import { typecheck } from './support/typecheck.js';
import { folderWith, wsdlWith } from './support/wsdl.js';

const fixtures = fileURLToPath(new URL('./fixtures/', import.meta.url));
const require = createRequire(import.meta.url);

function textOf(wsdl: string): string {
  return generate({ wsdl })
    .files.map(({ path, text }) => `// ===== ${path}\n${text}`)
    .join('\n');
}

describe('generated TypeScript', () => {
  it('of the library service is the committed golden output', async () => {
    await expect(textOf(join(fixtures, 'library/library.wsdl'))).toMatchFileSnapshot('./golden/library.txt');
  });

  it.each(['stockquote.wsdl', 'weather.wsdl'])('of %s, which a foreign package ships, compiles', (name) => {
    const folder = folderWith({});
    const { files } = generate({
      wsdl: join(dirname(require.resolve('strong-soap/package.json')), 'example/wsdls', name),
    });
    writeOutput(folder, files);
    expect(typecheck(folder)).toBe('');
    expect(files.find((f) => f.path === 'operations.ts')?.text).toMatch(/input: \w+;/);
  });

  it('of the library service compiles', () => {
    const folder = folderWith({});
    writeOutput(folder, generate({ wsdl: join(fixtures, 'library/library.wsdl') }).files);
    expect(typecheck(folder)).toBe('');
  });

  it('is the same on every run', () => {
    const path = join(fixtures, 'library/library.wsdl');
    expect(textOf(path)).toBe(textOf(path));
  });

  it('survives names and texts made to break out of it', () => {
    const components = `
      <xs:complexType name="string"><xs:sequence><xs:element name="__proto__" type="xs:int"/><xs:element name="constructor" type="xs:int"/></xs:sequence></xs:complexType>
      <xs:complexType name="Date"><xs:sequence><xs:element name="class" type="t:string"/><xs:element name="a-b.c" type="t:class"/></xs:sequence></xs:complexType>
      <xs:complexType name="class"><xs:annotation><xs:documentation>*/ process.exit(1); /* \`\${x}\` @deprecated {@link x}</xs:documentation></xs:annotation><xs:sequence/></xs:complexType>
      <xs:complexType name="a-b"/><xs:complexType name="aB"/><xs:complexType name="Übung"/><xs:complexType name="Operations"/>
      <xs:complexType name="__proto__"/>
      <xs:simpleType name="E"><xs:restriction base="xs:string"><xs:enumeration value="'; process.exit(1); //"/><xs:enumeration value="&#xA;\\"/></xs:restriction></xs:simpleType>`;
    const input =
      '<xs:element name="d" type="t:Date"/><xs:element name="e" type="t:E"/><xs:element name="u" type="t:Übung"/>';
    const folder = folderWith({ 'service.wsdl': wsdlWith(components, { input }) });
    const out = join(folder, 'out');
    const { files } = generate({ wsdl: join(folder, 'service.wsdl') });
    writeOutput(out, files);
    expect(typecheck(out)).toBe('');
    const names = files.find((f) => f.path === 'service.ts')?.text.match(/export (?:interface|type) \S+/g);
    expect(names).toContain('export interface string_');
    expect(names).toContain('export interface aB2');
    expect(names).toContain('export interface udcBung');
    const contract = files.find((f) => f.path === 'contract.ts')?.text;
    expect(contract).toContain("['__proto__', 'xsd:int', 1, 1, { property: '$__proto__' }]");
    expect(contract).toContain("['__proto__']: {");
  });
});

describe('writing output', () => {
  it('removes files of an earlier run and leaves what a person wrote', () => {
    const folder = folderWith({ 'mine.ts': '// mine\n' });
    const files = generate({ wsdl: join(fixtures, 'library/library.wsdl') }).files;
    const [first] = files;
    writeOutput(folder, [...files, { path: 'old.ts', text: first?.text ?? '' }]);
    expect(writeOutput(folder, files)).toEqual({ written: [], removed: ['old.ts'], unchanged: files.length });
    expect(readFileSync(join(folder, 'mine.ts'), 'utf8')).toBe('// mine\n');
  });

  it('refuses to overwrite a file that it did not write, and writes nothing', () => {
    const folder = folderWith({ 'index.ts': 'export const mine = 1;\n' });
    const files = generate({ wsdl: join(fixtures, 'library/library.wsdl') }).files;
    expect(() => writeOutput(folder, files)).toThrow(/index\.ts:1:1: ips-codegen did not write this file/);
    expect(readdirSync(folder)).toEqual(['index.ts']);
  });

  it('makes the folder when it is missing', () => {
    const folder = join(folderWith({}), 'a/b');
    mkdirSync(dirname(folder), { recursive: true });
    writeOutput(folder, generate({ wsdl: join(fixtures, 'library/library.wsdl') }).files);
    expect(existsSync(join(folder, 'index.ts'))).toBe(true);
  });
});
