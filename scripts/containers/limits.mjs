// What the files grant the server: time to stop, disks, networks.
import { check, textOf } from './findings.mjs';

/** Containers get the time that the server needs to stop. */
export function checkEndOfTime(file, found) {
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
export function checkDisks(found) {
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

/** The proxy and the ingress keep metrics from strangers: the server gives them without a login. */
export function checkMetrics(file, found) {
  check(
    /^ *@metrics path \/metrics \/metrics\/\*\n *respond @metrics 404$/m.test(file.configs.caddyfile.content),
    'deploy/compose.yaml: caddyfile: expected 404 for /metrics',
  );
  const ingresses = found.filter(({ value }) => value.kind === 'Ingress').map(({ value }) => value);
  const rulesOf = ({ spec }) =>
    spec.rules.flatMap(({ host, http }) =>
      http.paths.map(({ path, pathType }) => `${host}${path} ${pathType}`),
    );
  const closed = ingresses
    .filter(({ metadata }) =>
      metadata.annotations['nginx.ingress.kubernetes.io/whitelist-source-range']?.startsWith('127.0.0.1/32'),
    )
    .flatMap(rulesOf);
  for (const { host } of ingresses.flatMap(({ spec }) => spec.rules))
    check(
      closed.includes(`${host}/metrics Prefix`),
      `deploy/kubernetes/ingress.yaml: ${host}: expected an ingress that refuses /metrics`,
    );
}

/** Pods reach what the settings of the manifests name, and what their comments offer. */
export function checkEgress(found) {
  const { spec } = found.find(
    ({ value }) => value.kind === 'NetworkPolicy' && value.spec.policyTypes.includes('Egress'),
  ).value;
  const { data } = found.find(({ value }) => value.kind === 'ConfigMap').value;
  const endpoint = new URL(new URL(data.FILE_STORE).searchParams.get('endpoint'));
  const needed = {
    names: 53,
    DATABASE_URL: Number(new URL(data.DATABASE_URL).port || 5432),
    FILE_STORE: Number(endpoint.port || { 'https:': 443, 'http:': 80 }[endpoint.protocol]),
    'stores of others': 9000,
    smtps: 465,
    OTLP: 4318,
  };
  const ports = spec.egress.flatMap((rule) => rule.ports ?? []).map(({ port }) => port);
  for (const [what, port] of Object.entries(needed))
    check(ports.includes(port), `network-policies.yaml: egress: expected port ${port} of ${what}`);
  const open = spec.egress.filter((rule) => rule.ports === undefined).flatMap((rule) => rule.to);
  check(
    open.length > 0 && open.every(({ ipBlock }) => ipBlock?.except.length > 0),
    'network-policies.yaml: egress: expected any port of public networks, and only of those',
  );
}
