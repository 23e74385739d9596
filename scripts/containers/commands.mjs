// What the files have the server do: its commands and variables, and what one manifest takes from another.
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { check, root, textOf } from './findings.mjs';

/** Every command, option and environment variable of the server is one that its help names. */
export function checkCommands(file, found) {
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
  for (const { metadata, spec } of deployments) {
    const label = 'app.kubernetes.io/component';
    check(
      metadata.labels?.[label] === spec.template.metadata.labels[label],
      `${metadata.name}: expected the label ${label} of its pods, by which an upgrade selects`,
    );
    check(
      scaled.some(({ scaleTargetRef }) => scaleTargetRef.name === metadata.name) ===
        (spec.replicas === undefined),
      `${metadata.name}: expected replicas or an autoscaler: every apply would reset the number of the autoscaler`,
    );
  }
}
