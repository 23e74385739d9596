// Writes the public surface of every package into packages/*/api/*.api.md, one report for each entry point, so that changes are
// seen in review. With --check, writes nothing and fails when a report is out of date, or when the surface has changed since the
// last release without a changeset.
import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Extractor, ExtractorConfig } from '@microsoft/api-extractor';

const root = fileURLToPath(new URL('../', import.meta.url));
const check = process.argv.includes('--check');
const problems = [];

for (const name of readdirSync(join(root, 'packages')).sort()) {
  const folder = join(root, 'packages', name);
  if (!existsSync(join(folder, 'package.json'))) continue;
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  if (manifest.private) continue;
  const reports = new Map();
  for (const [entry, file] of entriesOf(manifest)) reports.set(entry, report(folder, manifest, entry, file));
  compare(folder, manifest, reports);
}

if (problems.length > 0) {
  console.error(problems.join('\n'));
  process.exitCode = 1;
} else if (check) console.log('the reports of the public surface are up to date');

/** Entry points with types, except patterns: the validator's has one entry for each type, all alike. */
function entriesOf(manifest) {
  return Object.entries(manifest.exports ?? {})
    .filter(([key, target]) => target.types !== undefined && !key.includes('*'))
    .map(([key, target]) => [key === '.' ? 'index' : key.slice(2).replaceAll('/', '-'), target.types]);
}

function report(folder, manifest, entry, file) {
  const scratch = mkdtempSync(join(tmpdir(), 'ips-api-'));
  try {
    const config = ExtractorConfig.prepare({
      configObject: {
        projectFolder: folder,
        mainEntryPointFilePath: join(folder, file),
        compiler: {
          overrideTsconfig: {
            compilerOptions: {
              target: 'es2022',
              lib: ['es2023', 'dom', 'esnext.disposable'],
              module: 'nodenext',
              moduleResolution: 'nodenext',
              types: ['node'],
              strict: true,
              skipLibCheck: true,
            },
            include: [file],
          },
        },
        apiReport: {
          enabled: true,
          reportFileName: `${entry}.api.md`,
          reportFolder: scratch,
          reportTempFolder: scratch,
        },
        docModel: { enabled: false },
        dtsRollup: { enabled: false },
        messages: {
          compilerMessageReporting: { default: { logLevel: 'none' } },
          extractorMessageReporting: { default: { logLevel: 'none' } },
          tsdocMessageReporting: { default: { logLevel: 'none' } },
        },
      },
      configObjectFullPath: undefined,
      packageJsonFullPath: join(folder, 'package.json'),
    });
    const { succeeded } = Extractor.invoke(config, {
      localBuild: true,
      showVerboseMessages: false,
      messageCallback: quiet,
    });
    if (!succeeded) throw new Error(`${manifest.name}: the report of ${file} failed`);
    return readFileSync(join(scratch, `${entry}.api.md`), 'utf8').replaceAll('\r\n', '\n');
  } finally {
    rmSync(scratch, { recursive: true });
  }
}

function quiet(message) {
  if (message.logLevel !== 'error') message.logLevel = 'none';
}

function compare(folder, manifest, reports) {
  const target = join(folder, 'api');
  const there = existsSync(target) ? readdirSync(target).filter((file) => file.endsWith('.api.md')) : [];
  const wanted = new Map([...reports].map(([entry, text]) => [`${entry}.api.md`, text]));
  if (!check) {
    mkdirSync(target, { recursive: true });
    for (const file of there) if (!wanted.has(file)) rmSync(join(target, file));
    for (const [file, text] of wanted) writeFileSync(join(target, file), text);
    return;
  }
  const stale = [...new Set([...there, ...wanted.keys()])].filter((file) => {
    const path = join(target, file);
    return !existsSync(path) || readFileSync(path, 'utf8') !== wanted.get(file);
  });
  if (stale.length > 0) {
    problems.push(
      `${manifest.name}: its public surface is not what ${stale.map((file) => relative(root, join(target, file))).join(', ')} says.\n` +
        '  If the change is meant, run "npm run api:update", look at the difference, commit it, and describe the change with "npm run changeset".',
    );
  }
  if (changedSinceRelease(manifest, target, wanted) && !hasChangeset(manifest.name)) {
    problems.push(
      `${manifest.name}: its public surface changed since ${lastRelease(manifest) ?? 'nothing was released yet'}, and no changeset says so.\n` +
        '  Run "npm run changeset", choose the package, and say what users get: minor for something new, major for something that breaks them.',
    );
  }
}

function changedSinceRelease(manifest, target, wanted) {
  const release = lastRelease(manifest);
  if (release === undefined) return true;
  return [...wanted].some(([file, text]) => {
    const path = relative(root, join(target, file)).replaceAll('\\', '/');
    return git('show', `${release}:${path}`) !== text;
  });
}

/** The tag of the manifest's version; none until it is released. */
function lastRelease({ name, version }) {
  const tag = `${name}@${version}`;
  return git('tag', '--list', tag)?.trim() === tag ? tag : undefined;
}

function hasChangeset(name) {
  const folder = join(root, '.changeset');
  return readdirSync(folder)
    .filter((file) => file.endsWith('.md') && file !== 'README.md')
    .some((file) =>
      new RegExp(`^["']?${name}["']?:\\s*(?:patch|minor|major)`, 'm').test(
        readFileSync(join(folder, file), 'utf8'),
      ),
    );
}

function git(...args) {
  try {
    return execFileSync('git', args, {
      cwd: root,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      maxBuffer: 64 * 2 ** 20,
    });
  } catch {
    return undefined;
  }
}
