import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { generate } from '../src/index.js';
import { diagnosticsOf, folderWith, wsdlWith } from './support/wsdl.js';

const wsdl = wsdlWith(
  `<xs:complexType name="Job"><xs:sequence>
    <xs:element name="state" type="xs:string"/>
    <xs:element name="progress" type="xs:int"/>
    <xs:element name="a" type="xs:string" minOccurs="0"/>
    <xs:element name="b" type="xs:string" minOccurs="0"/>
  </xs:sequence></xs:complexType>`,
  { input: '<xs:element name="job" type="t:Job"/>' },
);

const complete = `
area: jobs
title: Jobs
description: What runs.
constants:
  JobState:
    title: Job States
    description: Where a job stands.
    values: { Running: It runs., Done: It ended. }
    spellings: { done: Done }
types:
  Job:
    description: A job.
    rules:
      - atMostOne: [a, b]
        reason: they exclude each other
        view: JobByKind
    fields:
      state: { description: Its state., constants: JobState }
      progress: { description: How far it is., minimum: 0, maximum: 100, unit: percent }
      a: First.
      b: Second.
operations:
  call:
    description: Calls.
    idempotency: unsafe
    input:
      job: The job.
    examples:
      - title: A call with a long state */ in it
        input: { job: { state: "a state that is too long to stand on a single line of a comment", progress: 1 } }
      - title: A short call
        input: { job: { state: Done, progress: 100 } }
`;

/** Generates from the WSDL above and one overlay file. */
function run(overlay: string) {
  const folder = folderWith({ 'service.wsdl': wsdl, 'jobs.yaml': overlay });
  const result = () => generate({ wsdl: join(folder, 'service.wsdl'), overlay: folder });
  return result;
}

const text = (path: string) => run(complete)().files.find((f) => f.path === path)?.text;

describe('an overlay', () => {
  it('makes constants open unions', () => {
    expect(text('constants.ts')).toContain('export type JobState = KnownJobState | (string & {});');
    expect(text('jobs.ts')).toContain('state: JobState;');
    expect(text('constant-values.ts')).toContain(
      "export const jobStates = [\n  'Running',\n  'Done',\n] as const;",
    );
  });

  it('puts the examples of operations into the comments', () => {
    const operations = text('operations.ts') ?? '';
    expect(operations).toContain(
      [
        '   * @example A call with a long state *\\/ in it',
        '   * ```ts',
        '   * await client.call({',
        "   *   job: { state: 'a state that is too long to stand on a single line of a comment', progress: 1 },",
        '   * });',
        '   * ```',
        '   * @example A short call',
        '   * ```ts',
        "   * await client.call({ job: { state: 'Done', progress: 100 } });",
        '   * ```',
        '   */',
      ].join('\n'),
    );
  });

  it('puts ranges and units into the comments', () => {
    expect(text('jobs.ts')).toContain('@remarks 0 to 100, in percent.');
  });

  it('makes a view that narrows by which member of a choice is present', () => {
    expect(text('jobs.ts')).toMatch(/export type JobByKind = AtMostOne<\s+Job,\s+\| 'a'\s+\| 'b'\s+>;/);
  });

  const broken: [name: string, from: string, to: string, message: RegExp, at?: string][] = [
    [
      'a type that the contract lacks',
      '  Job:\n    description: A job.',
      '  Jib:\n    description: A job.',
      /no type "Jib"/,
    ],
    ['a field that the type lacks', '      a: First.', '      c: First.', /"Job" has no field "c"/],
    ['an operation that the contract lacks', '  call:\n', '  cull:\n', /no operation "cull"/],
    ['a rule about an unknown field', '[a, b]', '[a, z]', /"Job" has no field "z"/],
    ['a rule about a required field', '[a, b]', '[a, state]', /"Job\/state" is required/],
    [
      'a constant list that does not exist',
      'constants: JobState',
      'constants: Nope',
      /unknown constant list "Nope"/,
    ],
    ['a range on text', 'a: First.', 'a: { description: x, minimum: 1 }', /"minimum" needs a numeric field/],
    ['an unknown key', 'unit: percent', 'units: percent', /unknown key "units"/],
    ['a value of the wrong kind', 'minimum: 0', 'minimum: zero', /found "zero"; expected a number/],
    [
      'an unknown word',
      'idempotency: unsafe',
      'idempotency: maybe',
      /"maybe"; expected safe, idempotent, unsafe/,
    ],
    ['a spelling of no value', '{ done: Done }', '{ done: Gone }', /"Gone" is not a value of JobState/],
    ['malformed YAML', '[a, b]', '[a, b', /./, 'reason: they'],
    ['a view whose name is taken', 'view: JobByKind', 'view: Job', /already has a type "Job"/, '- atMostOne'],
  ];

  it.each(broken)('reports %s with file and line', (_name, from, to, message, at = to) => {
    expect(complete).toContain(from);
    const overlay = complete.replace(from, to);
    const line = overlay.slice(0, overlay.indexOf(at)).split('\n').length;
    const findings = diagnosticsOf(run(overlay));
    const matching = findings.filter((f) => message.test(f.message) && f.position.file.endsWith('jobs.yaml'));
    expect(matching.map((f) => f.position.line)).toContain(line);
  });

  it.each([
    ['a type', '  Job:\n    description: A job.\n', '  Job:\n', /the type "Job"/, 5],
    ['a field', '      a: First.\n', '', /the field "Job\/a"/, 8],
    ['a field of a message', '      job: The job.\n', '      {}\n', /the field "call\/job"/, 11],
    ['an operation', '    description: Calls.\n', '', /the operation "call"/, 16],
  ])('reports %s without a description, at its line in the WSDL', (_name, from, to, message, line) => {
    const findings = diagnosticsOf(run(complete.replace(from, to)));
    const matching = findings.filter((f) => message.test(f.message));
    expect(matching.map((f) => [f.code, f.position.file.endsWith('service.wsdl'), f.position.line])).toEqual([
      ['uncovered', true, line],
    ]);
  });

  it('reports knowledge that applies to nothing', () => {
    const findings = diagnosticsOf(
      run(complete.replace('constants: JobState', 'unit: x').replace('unit: x', 'example: x')),
    );
    expect(findings.map((f) => f.message)).toEqual(['no field uses the constant list "JobState"']);
  });
});
