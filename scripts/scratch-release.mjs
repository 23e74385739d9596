// A copy of the repository for rehearsing releases: tracked and untracked files, built files, and the installed packages of the
// original.
import { execFileSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../', import.meta.url));

/** A scratch copy, with the steps of a release. */
export class ScratchRelease {
  constructor(userconfig) {
    this.folder = mkdtempSync(join(tmpdir(), 'ips-release-'));
    this.environment = {
      ...process.env,
      npm_config_userconfig: userconfig,
      // npm run hands its own settings on; a registry among them would win over the file above.
      npm_config_registry: undefined,
      GIT_AUTHOR_NAME: 'Rehearsal',
      GIT_AUTHOR_EMAIL: 'rehearsal@example.com',
      GIT_COMMITTER_NAME: 'Rehearsal',
      GIT_COMMITTER_EMAIL: 'rehearsal@example.com',
    };
    const files = execFileSync('git', ['ls-files', '-co', '--exclude-standard', '-z'], {
      cwd: root,
      encoding: 'utf8',
    });
    for (const file of files.split('\0').filter((name) => name !== '' && existsSync(join(root, name)))) {
      mkdirSync(dirname(join(this.folder, file)), { recursive: true });
      cpSync(join(root, file), join(this.folder, file));
    }
    symlinkSync(join(root, 'node_modules'), join(this.folder, 'node_modules'), 'dir');
    for (const name of this.packageFolders()) {
      const dist = join(root, 'packages', name, 'dist');
      if (!existsSync(dist)) throw new Error(`packages/${name} is not built; run "npm run build" first`);
      cpSync(dist, join(this.folder, 'packages', name, 'dist'), { recursive: true });
    }
    this.git('init', '--quiet', '--initial-branch=main');
    this.commit('Everything as it is');
  }

  /** Runs a command in the copy and returns its output. */
  run(command, ...args) {
    try {
      return execFileSync(command, args, {
        cwd: this.folder,
        env: this.environment,
        encoding: 'utf8',
        stdio: 'pipe',
      });
    } catch (error) {
      throw new Error(`${command} ${args.join(' ')} failed:\n${error.stdout}\n${error.stderr}`, {
        cause: error,
      });
    }
  }

  git(...args) {
    return this.run('git', ...args);
  }

  commit(message) {
    this.git('add', '--all');
    this.git('commit', '--quiet', '--allow-empty', '-m', message);
  }

  changesets(...args) {
    return this.run(process.execPath, join(root, 'node_modules/@changesets/cli/bin.js'), ...args);
  }

  /** Adds a changeset: `{ '@ips-sdk/client': 'patch' }` and its text. */
  addChangeset(name, releases, text) {
    const lines = Object.entries(releases).map(([each, bump]) => `"${each}": ${bump}`);
    writeFileSync(
      join(this.folder, '.changeset', `${name}.md`),
      `---\n${lines.join('\n')}\n---\n\n${text}\n`,
    );
  }

  /** Turns changesets into versions and changelogs, and returns what changed: `{ name: [before, after] }`. */
  version() {
    const before = this.versions();
    this.changesets('version');
    this.commit('Set the versions of the next releases');
    const after = this.versions();
    return Object.fromEntries(
      Object.keys(after)
        .filter((name) => before[name] !== after[name])
        .map((name) => [name, [before[name], after[name]]]),
    );
  }

  /** Publishes what is not in the registry yet, and returns the tags. */
  publish() {
    const tags = new Set(this.git('tag', '--list').split('\n'));
    this.changesets('publish');
    return this.git('tag', '--list')
      .split('\n')
      .filter((tag) => tag !== '' && !tags.has(tag));
  }

  packageFolders() {
    return readdirSync(join(root, 'packages')).filter((name) =>
      existsSync(join(root, 'packages', name, 'package.json')),
    );
  }

  manifests() {
    return this.packageFolders().map((name) =>
      JSON.parse(readFileSync(join(this.folder, 'packages', name, 'package.json'), 'utf8')),
    );
  }

  /** The version of each package. */
  versions() {
    return Object.fromEntries(this.manifests().map(({ name, version }) => [name, version]));
  }

  /** The range by which a package depends on another. */
  range(name, dependency) {
    return this.manifests().find((manifest) => manifest.name === name)?.dependencies?.[dependency];
  }

  changelog(folder) {
    return readFileSync(join(this.folder, 'packages', folder, 'CHANGELOG.md'), 'utf8');
  }

  remove() {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
