// deploy/compose.yaml and the settings that it takes from the environment.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { parse } from 'yaml';
import { check, problems, root, textOf } from './findings.mjs';
import { problemsOfMakeEnv } from './make-env.mjs';

export function checkCompose() {
  const path = 'deploy/compose.yaml';
  const result = spawnSync(
    process.execPath,
    [join(root, 'node_modules/dclint/bin/dclint.cjs'), '--quiet', '--no-color', join(root, path)],
    { encoding: 'utf8' },
  );
  if (result.status !== 0) problems.push(`${path}: ${result.stdout}${result.stderr}`.trim());
  const file = parse(textOf(path), { merge: true });
  for (const [name, service] of Object.entries(file.services)) {
    const of = `${path}: ${name}`;
    check(
      service.build !== undefined || /:v?\d+[\w.-]*\d/.test(service.image),
      `${of}: ${service.image} is not pinned to a version`,
    );
    if (service.build === undefined) continue;
    check(service.read_only === true, `${of}: expected read_only`);
    check(service.cap_drop?.includes('ALL'), `${of}: expected cap_drop: [ALL]`);
    check(service.deploy?.replicas >= 2, `${of}: expected two containers`);
  }
  // Values with a default would be used in production.
  const secrets = /PASSWORD|SECRET|ACCESS_KEY/;
  for (const [, name, rest] of textOf(path).matchAll(/\$\{(\w+)([^}]*)\}/g))
    check(!secrets.test(name) || rest.startsWith(':?'), `${path}: ${name} is a secret and not required`);
  for (const [, service, name, value] of Object.entries(file.services).flatMap(
    ([service, { environment = {} }]) =>
      Object.entries(environment).map(([name, value]) => ['', service, name, value]),
  ))
    check(
      !secrets.test(name) || /^\$\{\w+:\?/.test(value),
      `${path}: ${service}: ${name} has a value of its own`,
    );
  return file;
}

/** deploy/env.example and the program that fills it have every setting of the Compose file, and no other. */
export function checkEnvExample() {
  const used = new Set([...textOf('deploy/compose.yaml').matchAll(/\$\{(\w+)/g)].map(([, name]) => name));
  const named = new Set([...textOf('deploy/env.example').matchAll(/^(\w+)=/gm)].map(([, name]) => name));
  check(
    [...used].toSorted().join() === [...named].toSorted().join(),
    `deploy/env.example: found ${[...named]}, expected ${[...used]}`,
  );
  problems.push(...problemsOfMakeEnv(used));
}
