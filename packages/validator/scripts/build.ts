// Compiles every definition of the published JSON Schema, and builds the package in dist/:
// - dist/compiled/checks.js and dist/compiled/reports.js, one function per definition, which bundlers take one by one;
// - dist/names/NAME.js, the modules that users import: a guard and a validator for one name;
// - dist/elements/name.js, the same by the name of an element, which begins with a small letter: in a folder of its own, since
//   on many file systems both names are one;
// - dist/validate.js, functions that take any name, and dist/index.js, these and all guards and validators.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { build, transformSync } from 'esbuild';
import { type Compiled, Compiler } from './compile.ts';
import { functionName, Shared, type Variant } from './needs.ts';
import { type Definition, readDefinitions } from './schemas.ts';

/** Marks a call that bundlers can drop if its result is unused. */
const PURE = '/* @__PURE__ */';
const MARK = '// Compiled from the contract by scripts/build.ts.\n';

rmSync('dist', { recursive: true, force: true });
const definitions = readDefinitions();
const names = definitions.map((d) => d.name);
const require = createRequire(import.meta.url);
const tsc = join(dirname(require.resolve('typescript/package.json')), 'bin/tsc');
execFileSync(process.execPath, [tsc, '-p', 'tsconfig.build.json'], { stdio: 'inherit' });
writeModules(definitions);
writeDeclarations();
await bundle();

function writeModules(all: readonly Definition[]): void {
  const shared = new Shared();
  for (const variant of ['check', 'report'] as const) {
    const compiler = new Compiler(variant, shared);
    mkdirSync(`dist/compiled/${variant}`, { recursive: true });
    for (const { name, schema } of all) {
      const compiled = compiler.compile(name, schema);
      writeFileSync(`dist/compiled/${variant}/${name}.js`, moduleText(variant, name, compiled));
    }
    const every = names.map((n) => `export { ${functionName(variant, n)} } from './${variant}/${n}.js';\n`);
    writeFileSync(`dist/compiled/${variant}s.js`, every.join(''));
  }
  writeFileSync('dist/compiled/shared.js', shared.text());
  const answers = all.filter(({ answer }) => answer).map(({ name }) => `'${name}'`);
  const rows = names.map((n) => `['${n}', ${functionName('report', n)}]`);
  writeFileSync(
    'dist/compiled/registry.js',
    `import { ${functionsOf('report')} } from './reports.js';\n` +
      `export const reports = ${PURE} new Map([${rows}]);\n` +
      `export const answers = ${PURE} new Set([${answers}]);\n`,
  );
  mkdirSync('dist/names', { recursive: true });
  for (const definition of all) writeFileSync(`dist/names/${definition.name}.js`, entryText(definition));
  writeFileSync('dist/index.js', `export * from './main.js';\n${entriesText(all)}`);
}

function functionsOf(variant: Variant): string {
  return names.map((name) => functionName(variant, name)).join(', ');
}

function moduleText(variant: Variant, name: string, { code, calls, runtime, shared }: Compiled): string {
  const imports = calls
    .filter((call) => call !== name)
    .map((call) => `import { ${functionName(variant, call)} } from './${call}.js';\n`);
  if (runtime.length > 0) imports.unshift(`import { ${runtime.join(', ')} } from '../../runtime.js';\n`);
  if (shared.length > 0) imports.unshift(`import { ${shared.join(', ')} } from '../shared.js';\n`);
  // Outside a module only the names inside a function get short: stack traces and imports keep the function's own.
  const short = transformSync(code, { minify: true, target: 'es2023' }).code;
  return `${imports.join('')}${short}\nexport { ${functionName(variant, name)} };\n`;
}

/** The module of one name. */
function entryText(definition: Definition): string {
  const { name, recursive } = definition;
  return (
    MARK +
    `import { ${functionName('check', name)} } from '../compiled/checks.js';\n` +
    `import { ${functionName('report', name)} } from '../compiled/reports.js';\n` +
    (recursive ? "import { safely } from '../runtime.js';\n" : '') +
    `import { validatorOf } from '../validator.js';\n` +
    functionsText(definition)
  );
}

/** What the modules of all names export. */
function entriesText(all: readonly Definition[]): string {
  return (
    `import { ${functionsOf('check')} } from './compiled/checks.js';\n` +
    `import { ${functionsOf('report')} } from './compiled/reports.js';\n` +
    "import { safely } from './runtime.js';\n" +
    "import { validatorOf } from './validator.js';\n" +
    all.map((definition) => functionsText(definition)).join('')
  );
}

function functionsText({ name, recursive, answer }: Definition): string {
  const check = functionName('check', name);
  const call = recursive ? `safely(${check}, value)` : `${check}(value)`;
  return (
    `export function is${name}(value) {\n  return ${call};\n}\n` +
    `export const validate${name} = ${PURE} validatorOf(${functionName('report', name)}, ${answer});\n`
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

/** Joins what was compiled into a few files, so that importing the package reads those instead of thousands. */
async function bundle(): Promise<void> {
  // The modules of single names import the first four.
  const entries = ['runtime', 'validator', 'compiled/checks', 'compiled/reports', 'validate', 'index'];
  const texts = new Map<string, string>();
  for (const entry of entries) {
    const { outputFiles } = await build({
      entryPoints: [`dist/${entry}.js`],
      outfile: `dist/${entry}.js`,
      external: entries.filter((other) => other !== entry).map((other) => `./dist/${other}.js`),
      write: false,
      bundle: true,
      format: 'esm',
      platform: 'neutral',
      target: 'es2023',
      legalComments: 'none',
      minifyWhitespace: true,
      minifySyntax: true,
    });
    // The bundler has removed the marks of pure calls together with the white space.
    const text = (outputFiles[0]?.text ?? '')
      .replaceAll(/=(?=validatorOf\d*\(report)/g, `=${PURE}`)
      .replaceAll('=new RegExp(', `=${PURE}new RegExp(`);
    texts.set(`dist/${entry}.js`, MARK + text);
  }
  const marks = texts.get('dist/index.js')?.split(`${PURE}validatorOf`).length ?? 0;
  if (marks - 1 !== names.length) throw new Error(`marked ${marks - 1} of ${names.length} validators`);
  for (const file of readdirSync('dist', { recursive: true, encoding: 'utf8' })) {
    // What is not a module of a single name is in the bundles.
    if (file.endsWith('.js') && !/^(?:names|elements)\b/.test(file)) rmSync(join('dist', file));
  }
  for (const variant of ['check', 'report']) rmSync(`dist/compiled/${variant}`, { recursive: true });
  for (const [file, text] of texts) writeFileSync(file, text);
}
