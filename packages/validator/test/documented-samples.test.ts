// Samples that the service's documentation prints, against the validators and against the published schema. What a sample
// shows, the service has once sent or taken, so no pattern, range or list of ours may refuse its form.
import { readFileSync } from 'node:fs';
import { docs } from '@ips-sdk/types/docs';
import { validate } from '@ips-sdk/validator';
import { Ajv } from 'ajv';
import { beforeAll, describe, expect, it } from 'vitest';
import { assetsChangedSamples } from './documented-samples/assets-changed.js';
import { assetsReadSamples } from './documented-samples/assets-read.js';
import { cdnSamples } from './documented-samples/cdn.js';
import { companiesSamples } from './documented-samples/companies.js';
import { foldersSamples } from './documented-samples/folders.js';
import { imageMapsSamples } from './documented-samples/image-maps.js';
import { jobPayloadsSamples } from './documented-samples/job-payloads.js';
import { jobsSamples } from './documented-samples/jobs.js';
import { metadataSamples } from './documented-samples/metadata.js';
import { permissionsSamples } from './documented-samples/permissions.js';
import { presetsSamples } from './documented-samples/presets.js';
import { projectsSamples } from './documented-samples/projects.js';
import { propertySetsSamples } from './documented-samples/property-sets.js';
import { publishSamples } from './documented-samples/publish.js';
import { setsSamples } from './documented-samples/sets.js';
import { usersSamples } from './documented-samples/users.js';
import type { DocumentedSample } from './support/documented-sample.js';

const rows: readonly DocumentedSample[] = [
  ...assetsChangedSamples,
  ...assetsReadSamples,
  ...cdnSamples,
  ...companiesSamples,
  ...foldersSamples,
  ...imageMapsSamples,
  ...jobPayloadsSamples,
  ...jobsSamples,
  ...metadataSamples,
  ...permissionsSamples,
  ...presetsSamples,
  ...projectsSamples,
  ...propertySetsSamples,
  ...publishSamples,
  ...setsSamples,
  ...usersSamples,
];

const samples = rows.map(([page, name, value, issues = []]) => ({ page, name, value, issues }));

/** What may differ: the sample is older than the contract, its fields are misprinted, or a date lacks its offset. */
const OLD = /^(required|unknown-field|no-offset) /;

let ajv: Ajv;
beforeAll(() => {
  const file = new URL(import.meta.resolve('@ips-sdk/types/schema/ips.json'));
  ajv = new Ajv({ strict: false, allErrors: true, formats: { 'date-time': true, uri: true, email: true } });
  ajv.addSchema(JSON.parse(readFileSync(file, 'utf8')));
});

/** The name of a definition: messages are printed by their element, which begins with a small letter. */
function definition(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}

describe('a sample of the documentation', () => {
  it.each(samples)('on $page as $name is accepted in its form', ({ name, value, issues }) => {
    const { errors, warnings } = validate(name, value);
    expect([...errors, ...warnings].map(({ code, path }) => `${code} ${path}`)).toEqual(issues);
    expect(issues.filter((issue) => !OLD.test(issue))).toEqual([]);
    const oracle = ajv.compile({ $ref: `ips.json#/definitions/${definition(name)}` });
    const accepted = oracle(value);
    // The schema reports every form that it refuses by a keyword other than these two.
    const refused = (oracle.errors ?? []).filter(
      ({ keyword }) => keyword !== 'required' && keyword !== 'additionalProperties',
    );
    expect(refused).toEqual([]);
    if (issues.every((issue) => issue.startsWith('no-offset'))) expect(accepted).toBe(true);
  });

  it('is here for every operation whose page prints one', () => {
    const pages = new Set(samples.map(({ page }) => page));
    const documented = Object.values(docs.operations).flatMap(({ page }) => page ?? []);
    expect(documented.filter((page) => !pages.has(page))).toEqual(WITHOUT_SAMPLE);
  });
});

/** The pages that print no request and no answer, or an excerpt of the schema in their place. */
const WITHOUT_SAMPLE: readonly string[] = [
  'types/r-set-property-set-permissions',
  'operations/r-get-assets',
  'operations/r-set-assets-publish-state',
  'operations/r-get-active-publish-contexts',
  'operations/r-force-republish-assets',
  'operations/r-get-image-serving-publish-settings',
  'operations/r-set-image-serving-publish-settings',
  'operations/r-get-image-rendering-publish-settings',
  'operations/r-set-image-rendering-publish-settings',
  'operations/r-get-viewer-config-settings',
  'operations/r-set-viewer-config-settings',
  'operations/r-update-viewer-config-settings',
];
