import { contract } from '@ips-sdk/types/contract';
import { type SchemaName, validate } from '@ips-sdk/validator';
import { codec, type DecodeIssue, IpsFault, WireError } from '@ips-sdk/wire';
import type { OperationName } from '../exchange.js';
import { type Found, groupFindings } from './group-findings.js';
import type { RecordedExchange, Recording } from './read-recording.js';

/** Something in a recorded answer that the contract does not have. */
export interface RecordingIssue extends Found {
  /** Who found it: the HTTP layer, the codec or the validator. */
  readonly by: 'http' | 'codec' | 'validator';
  /** `error` where lenient reading fails too, `warning` where only strict reading does. */
  readonly severity: 'error' | 'warning';
  readonly code: string;
  readonly message: string;
}

type Note = (issue: Pick<RecordingIssue, 'by' | 'severity' | 'code' | 'path' | 'message'>) => void;

/**
 * Reads all answers of a recording with codec and validator, strict and lenient, and tells what does not fit the contract.
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
export function checkRecording({ exchanges }: Recording): RecordingIssue[] {
  const issues: RecordingIssue[] = [];
  for (const exchange of exchanges) {
    const { operation } = exchange.fixture;
    checkAnswer(exchange, (issue) => issues.push({ file: exchange.file, operation, count: 1, ...issue }));
  }
  // The codec names an unknown element in its message, and its parent in the path.
  return groupFindings(issues, ({ by, severity, code, message }) =>
    [by, severity, code, by === 'codec' ? message.replace(/\[\d+\]/g, '[]') : ''].join(' '),
  );
}

function checkAnswer({ fixture }: RecordedExchange, note: Note): void {
  const { operation, answer } = fixture;
  if (answer === undefined) return;
  if (answer.xml === undefined) {
    if (answer.unreadable === undefined) return;
    const message = `the answer with status ${answer.status} is not XML`;
    note({ by: 'http', severity: 'error', code: 'not-xml', path: '', message });
    return;
  }
  if (!Object.hasOwn(contract.operations, operation)) {
    const message = 'the contract has no such operation';
    note({ by: 'codec', severity: 'error', code: 'unknown-name', path: '', message });
    return;
  }
  // Looked up just above.
  const name = operation as OperationName;
  const xml = answer.xml.join('\n');
  const value = decode(name, xml, answer.status, note);
  const message = contract.operations[operation]?.output;
  if (value !== undefined && message !== undefined) checkValue(message, value, note);
}

/** The value of an answer; nothing for a fault, and for what cannot be read. */
function decode(operation: OperationName, xml: string, httpStatus: number, note: Note): unknown {
  const issues: DecodeIssue[] = [];
  const tell = ({ code, path, message }: DecodeIssue, severity: RecordingIssue['severity']): void =>
    note({ by: 'codec', severity, code, path, message });
  const onIssue = (issue: DecodeIssue): void => {
    issues.push(issue);
    tell(issue, 'warning');
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
    // Strict reading stops at the first of what lenient reading has reported.
    if (issues.length === 0) {
      const { code, path, message } = error;
      note({ by: 'codec', severity: 'warning', code, path, message });
    }
  }
  return value;
}

function checkValue(message: string, value: unknown, note: Note): void {
  // The validator has a schema for every message of the contract, but their names are plain strings here.
  const name = message as SchemaName;
  const lenient = validate(name, value, { mode: 'lenient' }).errors;
  const known = new Set(lenient.map(({ code, path }) => `${code} ${path}`));
  const { errors, warnings } = validate(name, value, { mode: 'strict' });
  for (const issue of [...errors, ...warnings]) {
    // The schemas do not know bigint, as which the codec reads 64-bit integers here.
    if (typeof issue.value === 'bigint') continue;
    const { code, path, message: text } = issue;
    const severity = known.has(`${code} ${path}`) ? 'error' : 'warning';
    const element = contract.messages[message]?.element ?? message;
    note({ by: 'validator', severity, code, path: `${element}.${path}`, message: text });
  }
}
