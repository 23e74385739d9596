// Our client against SOAP services that other people's software makes of our WSDL. What they decoded must be what was handed to
// the client, and what the client answers must be what they sent, value for value.
import type { Operations } from '@ips-sdk/types';
import { contract } from '@ips-sdk/types/contract';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Arbitraries, anySimple, operationNames } from '../../../scripts/testing/arbitrary.js';
import { hasPhpSoap } from '../../../scripts/testing/php.js';
import { type CallOptions, createIpsClient, type IpsClient, IpsFault } from '../src/index.js';
import { type Call, jobCalls } from './support/peers/job-calls.js';
import type { Peer } from './support/peers/peer.js';
import { startPhpServer } from './support/peers/php-server.js';
import { startSoapServer } from './support/peers/soap-server.js';
import { fromSoap, wireShape, withMoments } from './support/peers/wire-shape.js';

const messages = (operation: string): { readonly input: string; readonly output: string } => {
  const { input, output } = contract.operations[operation] ?? { input: '' };
  return { input, output: output ?? '' };
};

/** Generated calls of every operation, always the same ones. */
function generate(values: Arbitraries): readonly Call[] {
  return operationNames.flatMap((operation, seed) => {
    const { input, output } = messages(operation);
    return fc
      .sample(fc.record({ input: values.of(input), output: values.of(output) }), { numRuns: 3, seed })
      .map((call) => ({ operation: operation as keyof Operations & string, ...call }));
  });
}

/**
 * What other people's software can be handed and gives back: values that JSON carries, no texts of blanks alone, which both PHP and
 * soap drop, and none that look like CDATA, which soap does not escape.
 */
const forPeers = generate(
  new Arbitraries({
    ...anySimple,
    'xsd:string': anySimple['xsd:string'].filter((text) => !/^[ \t\r\n]+$|^<!\[CDATA\[/.test(text)),
    'xsd:double': fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0),
  }),
);

/** The operations that every integration uses. */
const CORE = [
  ...['submitJob', 'stopJob', 'pauseJob', 'resumeJob', 'executeJob', 'deleteJob'],
  ...['getActiveJobs', 'getScheduledJobs', 'getJobLogs', 'getJobLogDetails', 'getAssetJobLogs'],
  ...['searchAssets', 'getCompanyInfo', 'getFolderTree', 'getAssetsByName', 'searchAssetsByMetadata'],
  ...['getAssociatedAssets', 'cdnCacheInvalidation', 'getPropertySets', 'deleteAsset', 'createFolder'],
  ...['moveAssets', 'getUserInfo'],
];

/** What a peer is made of, and how values look to it. */
interface Kind {
  readonly start: () => Promise<Peer>;
  readonly calls: readonly Call[];
  /** Calls go through soap's client. */
  readonly throughSoap?: true;
  /** What the peer is given to answer. */
  readonly answer: (message: string, output: unknown) => unknown;
  /** What the peer must have decoded for an input. */
  readonly expected: (message: string, input: unknown) => unknown;
  readonly decoded: (message: string, input: unknown) => unknown;
}

const same = (_message: string, value: unknown) => value;

const php: Kind = {
  start: startPhpServer,
  calls: forPeers,
  answer: wireShape,
  expected: (message, input) => JSON.parse(JSON.stringify(wireShape(message, input))) as unknown,
  decoded: same,
};

// soap makes Dates of dates, and null of what is empty: known, and shown in soap-record.test.ts.
const soap: Kind = {
  start: () => startSoapServer('wsdl'),
  calls: forPeers,
  answer: wireShape,
  expected: withMoments,
  decoded: fromSoap,
};

// With our contract on both sides soap carries every value as it is.
const soapWithContract: Kind = {
  start: () => startSoapServer('contract'),
  calls: generate(new Arbitraries()),
  throughSoap: true,
  answer: same,
  expected: same,
  decoded: same,
};

const AUTH = { user: 'ann@example.com', password: 'p<w>&"' };

function describePeer(name: string, kind: Kind): void {
  describe(name, () => {
    let peer: Peer;
    let ips: IpsClient;
    beforeAll(async () => {
      peer = await kind.start();
      ips = createIpsClient({ endpoint: peer.endpoint, auth: AUTH, app: { name: 'Peers', version: '1' } });
      if (kind.throughSoap) await ips.soap;
    });
    afterAll(async () => {
      await ips.close();
      await peer.stop();
    });

    async function check(
      { operation, input, output }: Call,
      options: CallOptions = {},
      client = ips,
    ): Promise<void> {
      const types = messages(operation);
      peer.answer({ output: kind.answer(types.output, output) });
      const issues: unknown[] = [];
      const onIssue = (issue: unknown) => void issues.push(issue);
      const answer = await client.call(operation, input as never, { ...options, onIssue });
      const received = peer.received();
      expect({ operation: received.operation, input: kind.decoded(types.input, received.input) }).toEqual({
        operation,
        input: kind.expected(types.input, input),
      });
      expect({ operation, answer, issues }).toEqual({ operation, answer: output, issues: [] });
    }

    it.each(jobCalls.map((call, i) => ({ ...call, title: `${call.operation}, ${i}` })))(
      'jobs: $title',
      async (call) => check(call),
    );

    it.each(operationNames)('%s, with generated values', async (operation) => {
      const calls = kind.calls.filter((call) => call.operation === operation);
      expect(calls).toHaveLength(3);
      // Of the contract's types, but not always sensible: an offset can be negative, two exclusive fields can be there.
      for (const call of calls) await check(call, { validation: 'off' });
    });

    it('understands who calls, and for what, as a header and an action', async () => {
      peer.answer({ output: {} });
      await ips.stopJob({ companyHandle: 'c|6', jobHandle: 'j|6|x|' });
      const { header, action } = peer.received();
      expect(header).toMatchObject({ ...AUTH, appName: 'Peers', appVersion: '1' });
      expect(action?.replaceAll('"', '')).toBe('stopJob');
    });

    it.each([{ soapVersion: '1.2' }, { headerForm: 'unversioned' }] as const)(
      'understands the other form too: %o',
      async (form) => {
        const other = createIpsClient({ endpoint: peer.endpoint, auth: AUTH, ...form });
        for (const call of jobCalls) await check(call, {}, other);
        expect(peer.received().header).toMatchObject(AUTH);
        await other.close();
      },
    );

    it('takes a thousand URLs', async () => {
      const urlArray = Array.from(
        { length: 1000 },
        (_, i) => `https://s7d1.example.com/is/image/a?wid=${i}&fmt=<jpg>`,
      );
      await check({
        operation: 'cdnCacheInvalidation',
        input: { companyHandle: 'c|6', urlArray },
        output: { invalidationHandle: 'i|6|1', estimatedSeconds: 600 },
      });
    });

    it.each([
      ['authenticationFault', 10001, 'authentication', 'AUTHENTICATION_FAULT_CODE_INVALID_CREDENTIALS'],
      ['authorizationFault', 20003, 'authorization', 'AUTHORIZATION_FAULT_CODE_NO_OPERATION_PERMISSION'],
      ['ipsApiFault', 30001, 'api', 'IPS_API_FAULT_CODE_INVALID_PARAMETER'],
    ] as const)('answers %s, which arrives as what it is', async (name, code, faultKind, codeName) => {
      const reason = 'Not <you> & not now';
      peer.answer({ fault: { name, string: 'FaultException', detail: { code, reason } } });
      const error = await ips.stopJob({ companyHandle: 'c|6', jobHandle: 'j|6|x|' }).catch((e: unknown) => e);
      expect(error).toBeInstanceOf(IpsFault);
      expect(error).toMatchObject({
        kind: faultKind,
        code,
        codeName,
        reason,
        operation: 'stopJob',
        faultString: 'FaultException',
      });
    });
  });
}

it('every operation is called, the core ones by name', () => {
  const called = new Set([...forPeers, ...jobCalls].map((call) => call.operation));
  expect(called.size).toBe(164);
  for (const name of CORE) expect(called).toContain(name);
});

describe.skipIf(!hasPhpSoap())('against PHP, where it is installed with its SOAP extension', () => {
  describePeer('SoapServer', php);
});

describe('against npm soap', () => {
  describePeer('soap.listen', soap);
  describePeer('its client and its server, both with our contract', soapWithContract);
});
