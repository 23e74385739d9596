// Compiles every definition of the published JSON Schema into modules, and builds the package in dist/:
// - dist/compiled/check/NAME.js and dist/compiled/report/NAME.js, one small module per definition;
// - dist/names/NAME.js, the modules that users import: a guard and a validator for one name;
// - dist/elements/name.js, the same by the name of an element, which begins with a small letter: in a folder of its own, since
//   on many file systems both names are one;
// - dist/index.js, everything in one file, so that importing the package reads one file instead of a thousand.
import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { build } from 'esbuild';
import { type Compiled, Compiler } from './compile.ts';
import { functionName, Shared, type Variant } from './needs.ts';
import { type Definition, readDefinitions } from './schemas.ts';

/** Marks a call that bundlers can drop if its result is unused. */
const PURE = '/* @__PURE__ */';
const MARK = '// Compiled from the contract by scripts/build.ts.\n';

rmSync('dist', { recursive: true, force: true });
const definitions = readDefinitions();
const names = definitions.map((d) => d.name);
writeModules(definitions);
writeDeclarations();
const require = createRequire(import.meta.url);
const tsc = join(dirname(require.resolve('typescript/package.json')), 'bin/tsc');
execFileSync(process.execPath, [tsc, '-p', 'tsconfig.build.json'], { stdio: 'inherit' });
await bundleIndex();

function writeModules(all: readonly Definition[]): void {
  const shared = new Shared();
  for (const variant of ['check', 'report'] as const) {
    const compiler = new Compiler(variant, shared);
    mkdirSync(`dist/compiled/${variant}`, { recursive: true });
    for (const { name, schema } of all) {
      const compiled = compiler.compile(name, schema);
      writeFileSync(`dist/compiled/${variant}/${name}.js`, moduleText(variant, name, compiled));
    }
  }
  writeFileSync('dist/compiled/shared.js', MARK + shared.text());
  mkdirSync('dist/names', { recursive: true });
  for (const definition of all) writeFileSync(`dist/names/${definition.name}.js`, entryText(definition));
  const imports = names
    .map((n) => `import { ${functionName('report', n)} } from './report/${n}.js';\n`)
    .join('');
  const rows = names.map((n) => `  ['${n}', ${functionName('report', n)}],\n`).join('');
  const answerRows = all
    .filter(({ answer }) => answer)
    .map(({ name }) => `  '${name}',\n`)
    .join('');
  writeFileSync(
    'dist/compiled/registry.js',
    `${MARK}${imports}export const reports = /* @__PURE__ */ new Map([\n${rows}]);\n` +
      `export const answers = /* @__PURE__ */ new Set([\n${answerRows}]);\n`,
  );
  const guards = names.map((n) => `export { is${n}, validate${n} } from './names/${n}.js';\n`).join('');
  writeFileSync('dist/index.js', `${MARK}export * from './main.js';\n${guards}`);
}

function moduleText(variant: Variant, name: string, { code, calls, runtime, shared }: Compiled): string {
  const imports = calls
    .filter((call) => call !== name)
    .map((call) => `import { ${functionName(variant, call)} } from './${call}.js';\n`);
  if (runtime.length > 0) imports.unshift(`import { ${runtime.join(', ')} } from '../../runtime.js';\n`);
  if (shared.length > 0) imports.unshift(`import { ${shared.join(', ')} } from '../shared.js';\n`);
  return `${MARK}${imports.join('')}${code}\nexport { ${functionName(variant, name)} };\n`;
}

function entryText({ name, recursive, answer }: Definition): string {
  const check = functionName('check', name);
  const report = functionName('report', name);
  const call = recursive ? `safely(${check}, value)` : `${check}(value)`;
  return (
    MARK +
    `import { ${check} } from '../compiled/check/${name}.js';\n` +
    `import { ${report} } from '../compiled/report/${name}.js';\n` +
    (recursive ? "import { safely } from '../runtime.js';\n" : '') +
    `import { validatorOf } from '../validator.js';\n` +
    `export function is${name}(value) {\n  return ${call};\n}\n` +
    `export const validate${name} = ${PURE} validatorOf(${report}, ${answer});\n`
  );
}

/** The element name of a message. `validate` also accepts this form for types. */
function elementName(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1);
}

function writeDeclarations(): void {
  mkdirSync('dist/elements', { recursive: true });
  for (const name of names) {
    writeFileSync(
      `dist/names/${name}.d.ts`,
      `import type { ${name} } from '@ips-sdk/types';\n` +
        "import type { Validator } from '../validator.js';\n\n" +
        `/** Whether a value is a {@link ${name}}. Unknown fields and constants are allowed. */\n` +
        `export declare function is${name}(value: unknown): value is ${name};\n\n` +
        `/** Validates a {@link ${name}}, and reports all mistakes. */\n` +
        `export declare const validate${name}: Validator<${name}>;\n`,
    );
    const element = elementName(name);
    for (const kind of ['js', 'd.ts'])
      writeFileSync(`dist/elements/${element}.${kind}`, `${MARK}export * from '../names/${name}.js';\n`);
  }
  const guards = names.map((n) => `export { is${n}, validate${n} } from './names/${n}.js';\n`).join('');
  writeFileSync('dist/index.d.ts', `${MARK}export * from './main.js';\n${guards}`);
}

async function bundleIndex(): Promise<void> {
  const { outputFiles } = await build({
    entryPoints: ['dist/index.js'],
    outfile: 'dist/index.js',
    write: false,
    bundle: true,
    format: 'esm',
    platform: 'neutral',
    target: 'es2023',
    legalComments: 'none',
    minifyWhitespace: true,
    minifySyntax: true,
  });
  const [bundled] = outputFiles;
  // The bundler has removed the marks of pure calls together with the white space.
  const text = bundled?.text.replaceAll('=validatorOf(report', `=${PURE}validatorOf(report`) ?? '';
  const marks = text.split(PURE).length - 1;
  if (marks !== names.length) throw new Error(`marked ${marks} of ${names.length} validators`);
  writeFileSync('dist/index.js', text);
}
