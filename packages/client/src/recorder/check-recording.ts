import { type Contract, contract as defaultContract } from '@ips-sdk/types/contract';
import { type SchemaName, validate } from '@ips-sdk/validator/validate';
import { type Codec, createCodec, type DecodeIssue, IpsFault, WireError } from '@ips-sdk/wire';
import { contractOf } from './contracts.js';
import { type Found, groupFindings } from './group-findings.js';
import type { RecordedExchange, Recording } from './read-recording.js';

/** A deviation of a recorded response from the contract. */
export interface RecordingIssue extends Found {
  /** The source of the issue: the HTTP layer, the codec or the validator. */
  readonly by: 'http' | 'codec' | 'validator';
  /** `error` if lenient decoding fails too, `warning` if only strict decoding fails. */
  readonly severity: 'error' | 'warning';
  readonly code: string;
  readonly message: string;
}

/** A codec of any contract, without types of its operations. */
type AnyCodec = Codec<Record<string, { readonly input: object; readonly output: object | undefined }>>;

type Note = (issue: Pick<RecordingIssue, 'by' | 'severity' | 'code' | 'path' | 'message'>) => void;

/**
 * Checks all responses of a recording against their contract, in strict and lenient mode. Responses of the default contract are also
 * checked by the validator.
 *
 * @example
 * ```ts
 * import { checkRecording, type Recording } from '@ips-sdk/client/recorder';
 *
 * const recording: Recording = {
 *   manifest: { format: 'ips-recording', version: 1, contract: '2014-04-03', recordedOn: ['2026-01-31'], keyFingerprint: '' },
 *   exchanges: [
 *     {
 *       file: '0001-stopJob.json',
 *       fixture: {
 *         operation: 'stopJob',
 *         attempt: 1,
 *         request: { path: '/scene7/services/IpsApiService', headers: {} },
 *         answer: {
 *           status: 200,
 *           headers: {},
 *           xml: ['<stopJobReturn xmlns="http://www.scene7.com/IpsApi/xsd/2014-04-03"><later/></stopJobReturn>'],
 *         },
 *         duration: 12,
 *       },
 *     },
 *   ],
 * };
 * for (const { severity, code, path } of checkRecording(recording)) console.log(severity, code, path);
 * // warning unknown-element stopJobReturn.later
 * ```
 */
export function checkRecording({ manifest, exchanges }: Recording): RecordingIssue[] {
  const issues: RecordingIssue[] = [];
  const codecs = new Map<string, AnyCodec>();
  const codecOf = (version: string): AnyCodec | undefined => {
    const contract = contractOf(version);
    const codec = codecs.get(version) ?? (contract && createCodec(contract));
    if (codec !== undefined) codecs.set(version, codec);
    return codec;
  };
  for (const exchange of exchanges) {
    const { operation, contract = manifest.contract } = exchange.fixture;
    const note: Note = (issue) => issues.push({ file: exchange.file, operation, count: 1, ...issue });
    checkAnswer(exchange, contract, codecOf(contract), note);
  }
  // The codec's message contains the unknown element, and its path the parent.
  return groupFindings(issues, ({ by, severity, code, message }) =>
    [by, severity, code, by === 'codec' ? message.replace(/\[\d+\]/g, '[]') : ''].join(' '),
  );
}

function checkAnswer(
  { fixture }: RecordedExchange,
  version: string,
  codec: AnyCodec | undefined,
  note: Note,
): void {
  const { operation, answer } = fixture;
  if (answer === undefined) return;
  if (answer.xml === undefined) {
    if (answer.unreadable === undefined) return;
    const message = `the response with status ${answer.status} is not XML`;
    note({ by: 'http', severity: 'error', code: 'not-xml', path: '', message });
    return;
  }
  if (codec === undefined) {
    const message = `unknown contract "${version}"; a later version of this package may support it`;
    note({ by: 'codec', severity: 'error', code: 'unknown-contract', path: '', message });
    return;
  }
  const { contract } = codec;
  if (!Object.hasOwn(contract.operations, operation)) {
    const message = `the contract ${version} has no such operation`;
    note({ by: 'codec', severity: 'error', code: 'unknown-name', path: '', message });
    return;
  }
  const xml = answer.xml.join('\n');
  const value = decode(codec, operation, xml, answer.status, note);
  const message = contract.operations[operation]?.output;
  if (contract === defaultContract && value !== undefined && message !== undefined)
    checkValue(contract, message, value, note);
}

/** The value of a response; `undefined` for a fault or an unreadable response. */
function decode(codec: AnyCodec, operation: string, xml: string, httpStatus: number, note: Note): unknown {
  const issues: DecodeIssue[] = [];
  const report = ({ code, path, message }: DecodeIssue, severity: RecordingIssue['severity']): void =>
    note({ by: 'codec', severity, code, path, message });
  const onIssue = (issue: DecodeIssue): void => {
    issues.push(issue);
    report(issue, 'warning');
  };
  let value: unknown;
  try {
    value = codec.decodeResponse(operation, xml, { httpStatus, longs: 'bigint', onIssue }).value;
  } catch (error) {
    if (error instanceof WireError) {
      const { code, path, message } = error;
      note({ by: 'codec', severity: 'error', code, path, message });
    } else if (error instanceof IpsFault) {
      if (error.kind !== 'soap') return undefined;
      note({ by: 'codec', severity: 'warning', code: 'soap-fault', path: 'Fault', message: error.message });
    } else throw error;
    return undefined;
  }
  try {
    codec.decodeResponse(operation, xml, { httpStatus, longs: 'bigint', strict: true });
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    // Strict decoding stops at the first deviation that lenient decoding has reported.
    if (issues.length === 0) {
      const { code, path, message } = error;
      note({ by: 'codec', severity: 'warning', code, path, message });
    }
  }
  return value;
}

function checkValue({ messages }: Contract, message: string, value: unknown, note: Note): void {
  // The validator has a schema for every message of the contract, but their names are plain strings here.
  const name = message as SchemaName;
  const lenient = validate(name, value, { mode: 'lenient' }).errors;
  const known = new Set(lenient.map(({ code, path }) => `${code} ${path}`));
  const { errors, warnings } = validate(name, value, { mode: 'strict' });
  for (const issue of [...errors, ...warnings]) {
    // The schemas do not support bigint, which the codec returns for 64-bit integers.
    if (typeof issue.value === 'bigint') continue;
    const { code, path, message: text } = issue;
    const severity = known.has(`${code} ${path}`) ? 'error' : 'warning';
    const element = messages[message]?.element ?? message;
    note({ by: 'validator', severity, code, path: `${element}.${path}`, message: text });
  }
}
