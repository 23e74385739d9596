import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { generate } from '../src/index.js';
import { diagnosticsOf, folderWith, wsdlWith } from './support/wsdl.js';

const wsdl = wsdlWith(
  `<xs:complexType name="Job"><xs:sequence>
    <xs:element name="state" type="xs:string"/>
    <xs:element name="progress" type="xs:int" minOccurs="0"/>
    <xs:element name="name" type="xs:string" minOccurs="0"/>
    <xs:element name="owner" type="xs:string" minOccurs="0"/>
    <xs:element name="token" type="xs:string" minOccurs="0"/>
    <xs:element name="urgent" type="xs:boolean" minOccurs="0"/>
  </xs:sequence></xs:complexType>`,
  { input: '<xs:element name="job" type="t:Job"/>' },
);

const complete = `
area: jobs
title: Jobs
description: What runs.
sources:
  manual:
    kind: page
    description: Pages of the manual.
    url: https://docs.example/{name}.html
    names: [job, job-states, call]
  recording:
    kind: recording
    description: Answers that were recorded.
    names:
      running-job: A job at work, recorded in 2015.
constants:
  JobState:
    page: manual/job-states
    title: Job States
    description: Where a job stands.
    source: page
    values:
      Running: { description: It runs., source: recording/running-job }
      Done: It ended.
common:
  types:
    owner: { description: Who owns it., source: page }
    token: { description: Who may change it., source: page }
    urgent: { description: Whether it goes first., default: true, source: page }
types:
  Job:
    page: manual/job
    description: A job.
    source: page
    rules:
      - atMostOne: [name, owner]
        reason: They exclude each other.
    fields:
      state:
        description: Its state.
        constants: JobState
        source: [page, recording/running-job]
        contradicts:
          - source: manual/call
            says: The state is a number.
      progress:
        description: How far it is.
        minimum: 0
        default: 0
        source: { description: page, default: recording/running-job }
      name: Its name.
      token: { documented: missing }
      urgent: { default: false, note: The page says otherwise of older versions., source: { default: recording/running-job } }
operations:
  call:
    page: manual/call
    description: Calls.
    idempotency: unsafe
    limits:
      - A call takes one job.
      - { text: A call needs a job., source: page }
    source: page
    input:
      job: The job.
`;

function run(overlay: string) {
  const folder = folderWith({ 'service.wsdl': wsdl, 'jobs.yaml': overlay });
  return () => generate({ wsdl: join(folder, 'service.wsdl'), overlay: folder });
}

const text = (path: string) => run(complete)().files.find((f) => f.path === path)?.text ?? '';

/** The comment above a line of a generated file, without its markup. */
function commentAbove(path: string, line: RegExp): string {
  const lines = text(path).split('\n');
  const end = lines.findIndex((l) => line.test(l));
  const start = lines.slice(0, end).findLastIndex((l) => l.includes('/**'));
  return lines
    .slice(start, end)
    .map((l) => l.replace(/^\s*(\/\*\*|\*\/|\*)\s?/, '').replace(/\s*\*\/$/, ''))
    .join(' ')
    .replace(/\s+/g, ' ')
    .trim();
}

describe('what an entry cites', () => {
  it('is silent in a comment where it is the page of the definition, to which the definition links', () => {
    expect(commentAbove('jobs.ts', /interface Job /)).toBe(
      'A job. @remarks At most one of `name`, `owner` can be present. They exclude each other. ' +
        '@see {@link https://docs.example/job.html | manual/job}',
    );
    expect(commentAbove('jobs.ts', /owner\?/)).toBe('Who owns it.');
  });

  it('is named where it is something else, with what another source says against it', () => {
    expect(commentAbove('jobs.ts', /state:/)).toBe(
      'Its state. @remarks Source: manual/job, recording/running-job. Contradicted by manual/call: The state is a number.',
    );
  });

  it('makes what has no source inferred, whole or part by part', () => {
    const inferred = 'Inferred, not documented.';
    expect(commentAbove('jobs.ts', /name\?/)).toBe(`Its name. @remarks ${inferred}`);
    expect(commentAbove('jobs.ts', /progress\?/)).toContain('Inferred: minimum.');
    expect(commentAbove('constants.ts', /'Done'/)).toBe(`It ended. ${inferred}`);
    expect(commentAbove('operations.ts', / {2}call:/)).toContain(`takes one job. ${inferred} A call needs`);
  });

  it('does not include a page that leaves out a field which many definitions share', () => {
    expect(commentAbove('jobs.ts', /token\?/)).toContain('Inferred,');
  });

  it('tells a note apart, which can be inferred where the description is not', () => {
    expect(commentAbove('jobs.ts', /urgent\?/)).toBe(
      'Whether it goes first. @remarks Inferred: The page says otherwise of older versions. ' +
        'Source: manual/job, recording/running-job. @defaultValue `false`',
    );
    expect(text('docs.ts')).toMatch(
      /urgent: \{.* note: 'The page says.* default: false, .* inferred: \['note'\] \}/,
    );
  });

  it('travels with the documentation data', () => {
    const docs = text('docs.ts');
    expect(docs).toContain("page: 'manual/job',");
    expect(docs).toMatch(
      /progress: \{.* source: \['manual\/job', 'recording\/running-job'\], inferred: \['minimum'\] \}/,
    );
    expect(docs).toMatch(/name: \{ description: 'Its name\.', inferred: true \}/);
    expect(docs).toContain("owner: { description: 'Who owns it.' }");
    expect(docs).toContain("inferredMeanings: ['Done'],");
    expect(docs).toContain("names: { 'running-job': 'A job at work, recorded in 2015.' }");
  });

  it('stands in the list of differences where sources contradict each other', () => {
    expect(run(complete)().discrepancies).toContain(
      '| `Job/state` | Its state. ([manual/job](https://docs.example/job.html), recording/running-job) ' +
        '| The state is a number. ([manual/call](https://docs.example/call.html)) |',
    );
  });

  const broken: [name: string, from: string, to: string, message: RegExp, at?: string][] = [
    ['a page that no section has', 'source: [page,', 'source: [manual/jib,', /unknown source "manual\/jib"/],
    [
      'a page of a definition that no section has',
      'page: manual/call',
      'page: manual/cull',
      /"manual\/cull"/,
      '  call:\n',
    ],
    ['the page of a definition without one', '    page: manual/job\n', '', /has no page/, 'source: [page'],
    [
      'a source of what is not stated',
      'default: recording',
      'maximum: recording',
      /"maximum", but the entry has no "maximum"/,
      'source: { description',
    ],
    [
      'a contradiction of nothing',
      '        source: [page, recording/running-job]\n',
      '',
      /"contradicts" is only allowed beside a "source"/,
      '- source: manual/call',
    ],
    [
      'a recording that nothing cites',
      'names:\n      running-job:',
      'names:\n      idle-job: An idle job.\n      running-job:',
      /nothing cites the source "recording\/idle-job"/,
      '  recording:\n',
    ],
    [
      'inferred, which is never written',
      'name: Its name.',
      'name: { description: Its name., inferred: true }',
      /^types\/Job\/fields\/name\/inferred: remove "inferred"/,
    ],
  ];

  it.each(broken)('is refused for %s, with file and line', (_name, from, to, message, at = to) => {
    expect(complete).toContain(from);
    const overlay = complete.replace(from, to);
    const line = overlay.slice(0, overlay.indexOf(at)).split('\n').length;
    const matching = diagnosticsOf(run(overlay)).filter((f) => message.test(f.message));
    expect(matching.map((f) => [f.position.file.endsWith('jobs.yaml'), f.position.line])).toContainEqual([
      true,
      line,
    ]);
  });
});
