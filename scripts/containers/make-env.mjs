// Tries deploy/make-env.mjs: what it refuses, and that it never changes a file that exists. A part of `npm run check:containers`.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('../../deploy/make-env.mjs', import.meta.url));

/** Arguments that are refused, and the beginning of the message. */
const REFUSED = [
  [['--compny', 'X'], "Unknown option '--compny'"],
  [['X'], "Unexpected argument 'X'"],
  [['--company'], "Option '--company <value>' argument missing"],
  [['--company', ''], '--company: found "", expected a name'],
  [['--company', "O'Neill"], `--company: found "O'Neill", expected no quotes`],
  [['--company', 'a/b'], '--company: found "a/b", expected a name'],
  [['--public-url', ''], '--public-url: found "", expected an http or https URL'],
  [['--public-url', 'nonsense'], '--public-url: found "nonsense", expected an http or https URL'],
  [['--public-url', 'ftp://example.com'], '--public-url: found "ftp://example.com", expected an http'],
  [['--admin', 'a b'], '--admin: found "a b", expected an e-mail address'],
  [['--admin', 'a@b.c:secret'], '--admin: found "a@b.c:secret", expected an e-mail address'],
  [['--admin', 'a@b.c\nX=1'], '--admin: found "a@b.c\\nX=1", expected no quotes'],
];

/**
 * @param names - The settings that Compose needs.
 * @returns What is wrong.
 */
export function problemsOfMakeEnv(names) {
  const problems = [];
  const work = mkdtempSync(join(tmpdir(), 'ips-make-env-'));
  const file = join(work, '.env');
  const run = (...args) => spawnSync(process.execPath, [program, ...args], { encoding: 'utf8' });
  const check = (isRight, what, { status, stdout, stderr }) => {
    if (!isRight)
      problems.push(`deploy/make-env.mjs: ${what}: found exit code ${status}, ${stdout}${stderr}`);
  };
  try {
    for (const [args, message] of REFUSED) {
      const result = run('--to', file, ...args);
      const isRefused = result.status === 2 && result.stderr.startsWith(`make-env: ${message}`);
      check(isRefused && !existsSync(file), `${args.join(' ')}: expected "${message}" and no file`, result);
    }
    const made = run('--to', file, '--company', 'Ärzte & Söhne', '--admin', 'ann@example.com');
    check(made.status === 0, 'expected a file', made);
    const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
    check(existsSync(file) && (statSync(file).mode & 0o077) === 0, 'expected a private file', made);
    check(text.includes("\nIPS_COMPANY='Ärzte & Söhne'\n"), `expected the company in ${text}`, made);
    for (const name of names) check(new RegExp(`^${name}=.+$`, 'm').test(text), `${name} has no value`, made);
    const again = run('--to', file);
    check(
      again.status === 2 && again.stderr.includes(' exists, ') && readFileSync(file, 'utf8') === text,
      'expected it to keep the file that exists',
      again,
    );
    const printed = run();
    check(
      printed.status === 0 && printed.stdout.includes("\nIPS_COMPANY='MyCompany'\n"),
      'expected settings',
      printed,
    );
    const help = run('--help');
    check(help.status === 0 && help.stdout.includes('--to FILE'), 'expected help', help);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  return problems;
}
