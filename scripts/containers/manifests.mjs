// deploy/kubernetes: the form of the manifests, and that pods get no more rights than they need.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, parseAllDocuments } from 'yaml';
import { check, problems, root, skipped, textOf } from './findings.mjs';

export async function checkManifests() {
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
