// Checks the Dockerfile, deploy/compose.yaml and deploy/kubernetes: their form, by the rules of their tools, and that they say what the
// server understands. `npm run check:containers`; the image itself is rehearsed by scripts/rehearse-container.mjs.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { validate } from 'dockerfile-utils';
import { parse, parseAllDocuments } from 'yaml';
import { problemsOfMakeEnv } from './check-make-env.mjs';

const root = fileURLToPath(new URL('../', import.meta.url));
const textOf = (path) => readFileSync(join(root, path), 'utf8');
const problems = [];
const skipped = [];
const check = (isRight, problem) => {
  if (!isRight) problems.push(problem);
};

checkDockerfile();
const compose = checkCompose();
const manifests = await checkManifests();
checkCommands(compose, manifests);
checkEnvExample(compose);
checkEndOfTime(compose, manifests);
checkDisks(manifests);

for (const what of skipped) console.log(`skipped: ${what}`);
if (problems.length > 0) {
  console.error(problems.join('\n'));
  process.exitCode = 1;
} else console.log('the Dockerfile, the Compose file and the manifests are valid');

function checkDockerfile() {
  const text = textOf('Dockerfile');
  for (const { range, message } of validate(text))
    problems.push(`Dockerfile:${range.start.line + 1} ${message}`);
  const instructions = text
    .replace(/^#.*\n/gm, '')
    .replace(/\\\n/g, ' ')
    .split('\n')
    .filter((line) => line.trim() !== '');
  const stages = instructions.filter((line) => line.startsWith('FROM '));
  const last = instructions.slice(instructions.lastIndexOf(stages.at(-1)));
  const image = /^ARG NODE_IMAGE=(\S+)$/m.exec(text)?.[1];
  const { version } = JSON.parse(textOf('package-lock.json')).packages['node_modules/node'];
  check(
    image === `node:${version}-trixie-slim`,
    `Dockerfile: found ${image}, expected node:${version}-trixie-slim, the version in package-lock.json`,
  );
  for (const line of stages)
    check(line.includes('{NODE_IMAGE}'), `Dockerfile: "${line}" is not the pinned image`);
  check(stages.length === 2, 'Dockerfile: expected two stages');
  const named = (name) => last.filter((line) => line.startsWith(`${name} `));
  check(
    named('RUN').length === 0,
    'Dockerfile: the last stage runs something, which needs emulation for other processors',
  );
  check(
    /^USER [1-9]\d*:[1-9]\d*$/.test(named('USER').at(-1) ?? ''),
    'Dockerfile: expected USER with two numbers, not root',
  );
  check(named('STOPSIGNAL')[0] === 'STOPSIGNAL SIGTERM', 'Dockerfile: expected STOPSIGNAL SIGTERM');
  check(named('HEALTHCHECK').length === 1, 'Dockerfile: expected a HEALTHCHECK');
  for (const name of ['ENTRYPOINT', 'CMD'])
    check(
      /^\w+ \["/.test(named(name)[0] ?? ''),
      `Dockerfile: expected ${name} as a list: a shell would not pass signals on`,
    );
  check(
    named('COPY').every((line) => line.includes('--from=build ')),
    'Dockerfile: the last stage copies more than what was built',
  );
  check(!/^ADD /m.test(text), 'Dockerfile: expected COPY instead of ADD');
  check(!/:latest\b/.test(text), 'Dockerfile: found a tag "latest"');
  const ignored = textOf('.dockerignore').split('\n');
  for (const one of ['.git', '**/node_modules', '**/dist', '**/.env'])
    check(ignored.includes(one), `.dockerignore: expected ${one}`);
}

function checkCompose() {
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

async function checkManifests() {
  const folder = 'deploy/kubernetes';
  const kustomization = parse(textOf(`${folder}/kustomization.yaml`));
  const files = readdirSync(join(root, folder)).filter(
    (name) => name.endsWith('.yaml') && !['kustomization.yaml', 'secret.yaml'].includes(name),
  );
  const listed = [...kustomization.resources, 'secret.example.yaml'];
  check(
    files.toSorted().join() === listed.toSorted().join(),
    `${folder}/kustomization.yaml: found ${listed}, expected ${files}`,
  );
  const found = files.flatMap((name) =>
    parseAllDocuments(textOf(`${folder}/${name}`)).map((document) => ({
      file: `${folder}/${name}`,
      value: document.toJS(),
    })),
  );
  await checkAgainstModels(found);
  for (const { file, value } of found) {
    if (value.kind === 'Secret')
      for (const [name, text] of Object.entries(value.stringData))
        check(text === '', `${file}: ${name} has a value`);
    if (value.kind === 'Deployment') checkPod(file, value.spec.template.spec);
  }
  const kubectl = spawnSync('kubectl', ['kustomize', join(root, folder)], {
    encoding: 'utf8',
    timeout: 60_000,
  });
  if (kubectl.error !== undefined) skipped.push('kubectl kustomize, because kubectl is not installed');
  else if (kubectl.status !== 0) problems.push(`${folder}: ${kubectl.stderr.trim()}`);
  return found;
}

/** Missing and malformed fields are found by the validators of the models, unknown ones by their types. */
async function checkAgainstModels(found) {
  const modelsOf = ({ apiVersion }) => `kubernetes-models/${apiVersion}`;
  for (const { file, value } of found) {
    const { [value.kind]: Model } = await import(modelsOf(value));
    try {
      new Model(value).validate();
    } catch (error) {
      problems.push(`${file}: ${value.kind}: ${error.message}`);
    }
  }
  const work = mkdtempSync(join(root, 'node_modules/.check-containers-'));
  try {
    const program = join(work, 'manifests.ts');
    const lines = found.map(({ value }, index) =>
      [
        `import type { I${value.kind} as I${index} } from '${modelsOf(value)}';`,
        `export const v${index}: I${index} = ${JSON.stringify(value)};`,
      ].join('\n'),
    );
    writeFileSync(program, lines.join('\n'));
    const options = ['--module', 'nodenext', '--target', 'es2023', '--strict', '--skipLibCheck', '--noEmit'];
    const { status, stdout, stderr } = spawnSync(
      join(root, 'node_modules/.bin/tsc'),
      [...options, '--ignoreConfig', program],
      { encoding: 'utf8' },
    );
    if (status !== 0) problems.push(`deploy/kubernetes: ${stdout}${stderr}`.trim());
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** What the restricted profile of Kubernetes demands, and what a rolling update needs. */
function checkPod(file, pod) {
  check(pod.securityContext?.runAsNonRoot === true, `${file}: expected runAsNonRoot`);
  check(
    pod.securityContext?.seccompProfile?.type === 'RuntimeDefault',
    `${file}: expected seccompProfile RuntimeDefault`,
  );
  check(pod.automountServiceAccountToken === false, `${file}: expected automountServiceAccountToken: false`);
  for (const { name, securityContext: own = {}, readinessProbe, startupProbe, resources } of pod.containers) {
    const of = `${file}: ${name}`;
    check(own.allowPrivilegeEscalation === false, `${of}: expected allowPrivilegeEscalation: false`);
    check(own.readOnlyRootFilesystem === true, `${of}: expected readOnlyRootFilesystem`);
    check(own.capabilities?.drop?.includes('ALL'), `${of}: expected capabilities.drop [ALL]`);
    check(readinessProbe?.httpGet?.path === '/readyz', `${of}: expected a readinessProbe of /readyz`);
    check(startupProbe?.httpGet?.path === '/healthz', `${of}: expected a startupProbe of /healthz`);
    check(resources?.limits?.memory !== undefined, `${of}: expected a limit of memory`);
  }
}

/** Every command, option and environment variable of the server is one that its help names. */
function checkCommands(file, found) {
  const help = execFileSync(process.execPath, [join(root, 'packages/server/bin/ips-server.js'), '--help'], {
    encoding: 'utf8',
  });
  const isKnown = (word) => new RegExp(`(?<![\\w-])${word}(?![\\w-])`).test(help);
  /** Of PostgreSQL, for the password that a URL does not have. */
  const others = ['PGPASSWORD'];
  const processes = [
    ...Object.entries(file.services)
      .filter(([, { build }]) => build !== undefined)
      .map(([name, { command, environment }]) => ({
        of: `deploy/compose.yaml: ${name}`,
        args: command,
        names: Object.keys(environment),
      })),
    ...found
      .filter(({ value }) => value.kind === 'Deployment')
      .flatMap(({ file: of, value }) =>
        value.spec.template.spec.containers.map(({ args, env }) => ({
          of,
          args,
          // Those that arguments name are none of the server's.
          names: env.map(({ name }) => name).filter((name) => !args.includes(`$(${name})`)),
        })),
      ),
    {
      of: 'Dockerfile',
      args: JSON.parse(/^CMD (\[.*\])$/m.exec(textOf('Dockerfile'))?.[1] ?? '[]'),
      names: [],
    },
  ];
  check(processes.length === 5, `expected five processes, found ${processes.length}`);
  for (const { of, args, names } of processes) {
    check(['all', 'api', 'worker'].includes(args[0]), `${of}: found "${args[0]}", expected a role`);
    for (const word of [args[0], ...args.filter((arg) => arg.startsWith('--')), ...names])
      check(isKnown(word) || others.includes(word), `${of}: ips-server --help does not name ${word}`);
    const limits = args
      .filter((_, index) => args[index - 1] === '--limit')
      .map((limit) => limit.split('=')[0]);
    const known = textOf('packages/server/src/config.ts');
    for (const limit of limits) check(known.includes(`readonly ${limit}:`), `${of}: ${limit} is not a limit`);
    // All that must be the same for all processes.
    for (const shared of args[0] === 'all'
      ? []
      : ['--database-url', '--file-store', '--public-url', '--time-zone', '--server-root'])
      check(args.includes(shared), `${of}: expected ${shared}`);
    check(
      args[0] === 'all' || names.includes('IPS_NOTIFICATION_SECRET'),
      `${of}: expected IPS_NOTIFICATION_SECRET, without which each process signs with a key of its own`,
    );
    for (const [index, arg] of args.entries()) {
      const variable = /^\$\((\w+)\)$/.exec(arg)?.[1];
      if (variable === undefined) continue;
      const deployment = found.find(({ file: one, value }) => one === of && value.kind === 'Deployment');
      const env = deployment?.value.spec.template.spec.containers.flatMap((container) => container.env) ?? [];
      check(
        env.some(({ name }) => name === variable),
        `${of}: args[${index}]: ${variable} is not in env`,
      );
    }
  }
  checkReferences(found);
}

/** Names of settings, secrets and labels that one manifest takes from another. */
function checkReferences(found) {
  const one = (kind) => found.filter(({ value }) => value.kind === kind).map(({ value }) => value);
  const keys = {
    configMapKeyRef: Object.keys(one('ConfigMap')[0].data),
    secretKeyRef: Object.keys(one('Secret')[0].stringData),
  };
  const deployments = one('Deployment');
  for (const { metadata, spec } of deployments)
    for (const { env } of spec.template.spec.containers)
      for (const { name, valueFrom } of env)
        for (const [kind, known] of Object.entries(keys)) {
          const reference = valueFrom?.[kind];
          if (reference === undefined) continue;
          check(
            reference.name === 'ips' && known.includes(reference.key),
            `${metadata.name}: ${name}: no such key`,
          );
        }
  const components = deployments.map(
    ({ spec }) => spec.template.metadata.labels['app.kubernetes.io/component'],
  );
  const selectors = [
    ...one('Service').map(({ spec }) => spec.selector),
    ...one('PodDisruptionBudget').map(({ spec }) => spec.selector.matchLabels),
  ];
  for (const selector of selectors)
    check(
      components.includes(selector['app.kubernetes.io/component']),
      `no pod has the labels ${JSON.stringify(selector)}`,
    );
  const scaled = one('HorizontalPodAutoscaler').map(({ spec }) => spec);
  for (const { scaleTargetRef, minReplicas } of scaled) {
    check(
      deployments.some(({ metadata }) => metadata.name === scaleTargetRef.name),
      `${scaleTargetRef.name} does not exist`,
    );
    check(minReplicas >= 2, `${scaleTargetRef.name}: found minReplicas ${minReplicas}, expected two pods`);
  }
  for (const { metadata, spec } of deployments)
    check(
      scaled.some(({ scaleTargetRef }) => scaleTargetRef.name === metadata.name) ===
        (spec.replicas === undefined),
      `${metadata.name}: expected replicas or an autoscaler: every apply would reset the number of the autoscaler`,
    );
}

/** deploy/env.example and the program that fills it have every setting of the Compose file, and no other. */
function checkEnvExample() {
  const used = new Set([...textOf('deploy/compose.yaml').matchAll(/\$\{(\w+)/g)].map(([, name]) => name));
  const named = new Set([...textOf('deploy/env.example').matchAll(/^(\w+)=/gm)].map(([, name]) => name));
  check(
    [...used].toSorted().join() === [...named].toSorted().join(),
    `deploy/env.example: found ${[...named]}, expected ${[...used]}`,
  );
  problems.push(...problemsOfMakeEnv(used));
}

/** Containers get the time that the server needs to stop. */
function checkEndOfTime(file, found) {
  const config = textOf('packages/server/src/config.ts');
  const limit = (name) =>
    Number(new RegExp(`^  ${name}: ([\\d_]+),`, 'm').exec(config)?.[1]?.replaceAll('_', '')) / 1000;
  const needed = limit('stopTimeout') + limit('drainTimeout');
  check(needed > 0, 'packages/server/src/config.ts: found no stopTimeout and drainTimeout');
  for (const [name, { build, stop_grace_period: period }] of Object.entries(file.services))
    check(
      build === undefined || Number(/^(\d+)s$/.exec(period)?.[1]) >= needed + 10,
      `deploy/compose.yaml: ${name}: found stop_grace_period ${period}, expected ${needed + 10}s or more`,
    );
  for (const { file: of, value } of found.filter(({ value: { kind } }) => kind === 'Deployment')) {
    const { terminationGracePeriodSeconds: period, containers } = value.spec.template.spec;
    const before = Math.max(...containers.map(({ lifecycle }) => lifecycle?.preStop?.sleep?.seconds ?? 0));
    check(
      period >= needed + before + 10,
      `${of}: found terminationGracePeriodSeconds ${period}, expected ${needed + before + 10} or more`,
    );
  }
}

/** The volume for data holds more than the server keeps there, and a pod may have that much. */
function checkDisks(found) {
  const config = textOf('packages/server/src/config.ts');
  /** Bytes by default, which the source writes as a product. */
  const limit = (name) =>
    (new RegExp(`^  ${name}: ([\\d_ *]+),`, 'm').exec(config)?.[1] ?? '')
      .split(/(?<!\*) \* (?!\*)/)
      .map((factor) => factor.split('**').map(Number))
      .reduce((product, [base, exponent = 1]) => product * base ** exponent, 1);
  const gibibytes = (text) => Number(/^(\d+)Gi$/.exec(text)?.[1]) * 2 ** 30;
  for (const { file: of, value } of found.filter(({ value: { kind } }) => kind === 'Deployment')) {
    const { containers, volumes } = value.spec.template.spec;
    const { args, resources } = containers[0];
    const copies = Number(args.find((arg) => arg.startsWith('maxFileCopyBytes='))?.split('=')[1]);
    const needed = copies + limit('maxDeliveryCacheBytes') + 2 * limit('maxFileBytes');
    const size = gibibytes(volumes.find(({ name }) => name === 'data').emptyDir.sizeLimit);
    check(size >= needed, `${of}: the volume data has ${size} bytes, expected ${needed} or more`);
    const allowed = gibibytes(resources.limits['ephemeral-storage']);
    check(allowed > size, `${of}: found ephemeral-storage of ${allowed} bytes, expected more than ${size}`);
  }
}
