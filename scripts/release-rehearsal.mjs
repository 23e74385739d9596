// Rehearses releases in a scratch copy, against a registry on loopback: the first one, a patch of one package, a change of the
// contract, and each time what npm users would get. Prints what it does, and fails when a version is wrong.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { styleText } from 'node:util';
import { startRegistry } from './local-registry.mjs';
import { ScratchRelease } from './scratch-release.mjs';

const say = (text) => console.log(text);
const title = (text) => console.log(`\n${styleText('bold', text)}`);

const registry = await startRegistry();
const scratch = new ScratchRelease(registry.userconfig);
try {
  title('1. The first release');
  const first = scratch.version();
  show(first);
  for (const { name, private: hidden } of scratch.manifests()) {
    if (!hidden) assert.ok(first[name], `${name} has no changeset: its first release would be 0.0.0`);
  }
  assert.match(
    scratch.changelog('client'),
    /^# @ips-sdk\/client\n\n## \d+\.\d+\.\d+\n\n### Minor Changes\n\n- \S/,
  );
  const published = scratch.publish();
  say(`published and tagged: ${published.join(', ')}`);
  assert.equal(published.length, Object.keys(first).length);
  install('@ips-sdk/client', scratch.versions()['@ips-sdk/client']);

  title('2. A patch of the client');
  const before = scratch.versions();
  scratch.addChangeset(
    'rehearsed-patch',
    // Those that bundle the client are named with it: they contain it, and do not depend on it.
    { '@ips-sdk/client': 'patch', '@ips-sdk/cli': 'patch', '@ips-sdk/server': 'patch' },
    'Uploads resume after a network change.',
  );
  const patch = scratch.version();
  show(patch);
  // Only what depends on the client may follow, and only with a patch.
  const named = ['@ips-sdk/client', '@ips-sdk/cli', '@ips-sdk/server'];
  for (const name of named) {
    assert.ok(patch[name], `${name} has no new version`);
    assert.equal(bump(patch[name]), 'patch');
  }
  for (const [name, versions] of Object.entries(patch)) {
    if (named.includes(name)) continue;
    assert.ok(
      scratch.range(name, '@ips-sdk/client'),
      `${name} got a version and does not depend on the client`,
    );
    assert.equal(bump(versions), 'patch');
  }
  for (const name of [
    '@ips-sdk/types',
    '@ips-sdk/validator',
    '@ips-sdk/wire',
    '@ips-sdk/delivery',
    '@ips-sdk/codegen',
  ]) {
    assert.equal(scratch.versions()[name], before[name], `${name} was released without a change`);
  }
  assert.match(
    scratch.changelog('client'),
    /### Patch Changes\n\n- (?:[0-9a-f]+: )?Uploads resume after a network change\./,
  );
  say(`published and tagged: ${scratch.publish().join(', ')}`);
  install('@ips-sdk/cli', scratch.versions()['@ips-sdk/cli']);

  title('3. A change of the contract');
  const wsdl = 'packages/types/wsdl/IpsApi-2014-04-03.wsdl';
  const old = join(scratch.folder, '..', `old-${process.pid}.wsdl`);
  writeFileSync(old, readFileSync(join(scratch.folder, wsdl)));
  try {
    const added = addOptionalField(wsdl);
    const minor = diff(old, wsdl);
    say(`a new optional field ${added}: ips-codegen diff says ${minor}`);
    assert.equal(minor, 'minor');
    const removed = removeField(wsdl);
    const major = diff(old, wsdl);
    say(`a removed field ${removed}: ips-codegen diff says ${major}`);
    assert.equal(major, 'major');
    for (const level of [minor, major]) {
      scratch.addChangeset(
        `rehearsed-${level}`,
        { '@ips-sdk/types': level },
        `The contract has a ${level} change.`,
      );
      const contract = scratch.version();
      show(contract);
      assert.equal(bump(contract['@ips-sdk/types']), level);
      // Whoever asks for the types with a range that the new version is outside of follows, with a patch.
      for (const { name, dependencies } of scratch.manifests()) {
        if (dependencies?.['@ips-sdk/types'] === undefined) continue;
        assert.ok(contract[name], `${name} would stay with the old types`);
        assert.equal(dependencies['@ips-sdk/types'], `^${scratch.versions()['@ips-sdk/types']}`);
      }
      say(`published and tagged: ${scratch.publish().length} packages`);
    }
  } finally {
    rmSync(old, { force: true });
  }
  install('@ips-sdk/client', scratch.versions()['@ips-sdk/client']);

  title('4. A change that nobody described');
  const report = 'packages/client/api/index.api.md';
  const text = readFileSync(join(scratch.folder, report), 'utf8');
  writeFileSync(join(scratch.folder, report), text.replace('export class', 'export abstract class'));
  const refusal = apiCheck();
  say(refusal.split('\n').slice(0, 3).join('\n'));
  assert.match(refusal, /@ips-sdk\/client: its public surface .*\n.*npm run changeset/);
  say('\nrehearsed: versions, changelogs, tags and installs are as they should be');
} finally {
  scratch.remove();
  await registry.stop();
}

function show(changes) {
  for (const [name, [from, to]] of Object.entries(changes)) say(`  ${name.padEnd(20)} ${from} → ${to}`);
}

/** Which part of a version was raised. */
function bump([from, to]) {
  const [before, after] = [from, to].map((version) => version.split('.').map(Number));
  if (after[0] > before[0]) return 'major';
  return after[1] > before[1] ? 'minor' : 'patch';
}

/** Installs a package from the registry into an empty folder, and returns the installed versions. */
function install(name, version, expected = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'ips-install-'));
  try {
    writeFileSync(
      join(folder, 'package.json'),
      JSON.stringify({ private: true, dependencies: { [name]: version } }),
    );
    const options = { cwd: folder, env: scratch.environment, encoding: 'utf8', stdio: 'pipe' };
    execFileSync(
      'npm',
      ['install', '--no-audit', '--no-fund', '--ignore-scripts', '--prefer-offline'],
      options,
    );
    const installed = (each) =>
      JSON.parse(readFileSync(join(folder, 'node_modules', each, 'package.json'), 'utf8')).version;
    assert.equal(installed(name), version);
    for (const [each, wanted] of Object.entries(expected)) assert.equal(installed(each), wanted);
    const others = Object.entries(expected).map(([each, wanted]) => ` with ${each} ${wanted}`);
    say(`installed from the registry: ${name} ${version}${others.join('')}`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function diff(old, wsdl) {
  const command = [
    join(scratch.folder, 'packages/codegen/bin/ips-codegen.js'),
    'diff',
    old,
    join(scratch.folder, wsdl),
    '--json',
  ];
  return JSON.parse(scratch.run(process.execPath, ...command)).bump;
}

function edit(wsdl, change) {
  const path = join(scratch.folder, wsdl);
  const text = readFileSync(path, 'utf8');
  const changed = change(text);
  assert.notEqual(changed, text);
  writeFileSync(path, changed);
}

function addOptionalField(wsdl) {
  edit(wsdl, (text) =>
    text.replace(
      /(<(?:\w+:)?complexType name="ActiveJob">\s*<(\w+:)?sequence>)/,
      (_match, start, prefix = '') =>
        `${start}<${prefix}element name="rehearsal" type="${prefix}string" minOccurs="0"/>`,
    ),
  );
  return 'ActiveJob.rehearsal';
}

function removeField(wsdl) {
  edit(wsdl, (text) => text.replace(/<(?:\w+:)?element name="serverName"[^>]*\/>/, ''));
  return 'ActiveJob.serverName';
}

function apiCheck() {
  try {
    return scratch.run(process.execPath, join(scratch.folder, 'scripts/api-reports.mjs'), '--check');
  } catch (error) {
    return error.cause.stderr;
  }
}
