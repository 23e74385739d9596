import { Deadline } from '../deadline.js';
import { resolveEndpoints } from '../endpoints.js';
import { type HttpResponse, Transport } from '../http/transport.js';
import { checked, recording as isRecording } from '../option-checks.js';
import { readAnswer } from '../read-answer.js';
import { multipart } from '../uploads/multipart.js';
import { REPLAY } from './check-recorder-options.js';
import { type AnswerDifference, compareAnswers } from './compare-answers.js';
import { operationOf } from './contracts.js';
import type { Fixture } from './fixture.js';
import { type Found, groupFindings } from './group-findings.js';
import type { Recording } from './read-recording.js';
import type { ReplayOptions } from './recorder-options.js';
import { RequestWriter } from './request-writer.js';
import { find, parseXml, textOf, type XmlElement, xmlLines } from './xml-node.js';

/** A difference in one or more items or exchanges. */
export interface ReplayDifference extends AnswerDifference, Found {}

/** The result of a replay. */
export interface Replay {
  /** Number of sent requests. */
  readonly sent: number;
  /** Exchanges that were not replayed. */
  readonly skipped: readonly { readonly file: string; readonly operation: string; readonly reason: string }[];
  readonly differences: readonly ReplayDifference[];
}

/**
 * Sends the requests of a recording to another service in order, and compares the responses path by path. Dates, pseudonyms, numbers in
 * handles and durations are ignored. Handles in later requests are replaced with those of the other service. Requests that change data
 * change it again.
 *
 * @throws ConnectionError or TimeoutError when the service does not respond.
 * @example
 * ```ts
 * import { replayRecording, type Recording } from '@ips-sdk/client/recorder';
 *
 * const recording: Recording = {
 *   manifest: { format: 'ips-recording', version: 1, contract: '2014-04-03', recordedOn: ['2026-01-31'], keyFingerprint: '' },
 *   exchanges: [],
 * };
 * const { sent, differences } = await replayRecording(recording, {
 *   endpoint: process.env['IPS_ENDPOINT'] ?? 'http://127.0.0.1:8080/scene7/services/IpsApiService',
 *   auth: { user: 'ann@example.com', password: process.env['IPS_PASSWORD'] ?? '' },
 * });
 * console.log(sent, differences.length); // 0 0
 * ```
 */
export async function replayRecording(recording: Recording, options: ReplayOptions): Promise<Replay> {
  isRecording(recording, 'recording');
  const { manifest, exchanges } = recording;
  const { company = manifest.company } = checked(REPLAY, options);
  const differences: ReplayDifference[] = [];
  const skipped: { file: string; operation: string; reason: string }[] = [];
  let sent = 0;
  const service = new Service(options);
  try {
    const companyHandle =
      exchanges.length === 0 || company === undefined ? undefined : await service.companyHandle(company);
    const writer = new RequestWriter({ ...options.auth, company, companyHandle }, manifest);
    for (const { file, fixture } of exchanges) {
      const { operation, answer } = fixture;
      const reason = whyNot(fixture);
      if (reason !== undefined || answer === undefined) {
        skipped.push({ file, operation, reason: reason ?? 'no response was recorded' });
        continue;
      }
      const ours = await service.send(fixture, writer);
      sent += 1;
      const recorded = answer.xml === undefined ? undefined : parseXml(answer.xml.join('\n'));
      const found = compareAnswers({ status: answer.status, document: recorded }, ours);
      if (recorded !== undefined && ours.document !== undefined) writer.learn(recorded, ours.document);
      differences.push(...found.map((difference) => ({ file, operation, count: 1, ...difference })));
    }
  } finally {
    await service.close();
  }
  return { sent, skipped, differences: groupFindings(differences, ({ kind }) => kind) };
}

/**
 * Returns the exchanges of a recording that may change data in a replay.
 *
 * @example
 * ```ts
 * import { changingExchanges, type Recording } from '@ips-sdk/client/recorder';
 *
 * const recording: Recording = {
 *   manifest: { format: 'ips-recording', version: 1, contract: '2014-04-03', recordedOn: ['2026-01-31'], keyFingerprint: '' },
 *   exchanges: [],
 * };
 * console.log(changingExchanges(recording).length); // 0
 * ```
 */
export function changingExchanges({ exchanges }: Recording): Recording['exchanges'] {
  return exchanges.filter(
    ({ fixture }) => whyNot(fixture) === undefined && operationOf(fixture.operation)?.idempotency !== 'safe',
  );
}

/** Why an exchange cannot be replayed. */
function whyNot({ answer, attempt, request }: Fixture): string | undefined {
  if (answer === undefined) return 'no response was recorded';
  if (attempt > 1) return 'it is a retry';
  if (request.parts?.some((part) => !('xml' in part))) return 'the content of files is not recorded';
  if (answer.xml === undefined && answer.unreadable === undefined) return 'the response was not recorded';
  return undefined;
}

/** The service of a replay. */
class Service {
  readonly #transport: Transport;
  readonly #options: ReplayOptions;

  constructor(options: ReplayOptions) {
    this.#options = options;
    this.#transport = new Transport(options.tls);
  }

  close(): Promise<void> {
    return this.#transport.close();
  }

  /** The handle of a company in the service; `undefined` if it does not exist, which the differences then show. */
  async companyHandle(companyName: string): Promise<string | undefined> {
    const { codec } = await import('@ips-sdk/wire');
    const xml = codec.encodeRequest(
      'getCompanyInfo',
      { companyName },
      { header: { ...this.#options.auth, appName: 'ips-sdk', appVersion: '1.0' } },
    );
    const url = resolveEndpoints(this.#options).soap;
    const headers = { 'Content-Type': 'text/xml; charset=UTF-8', SOAPAction: '"getCompanyInfo"' };
    const { document } = await this.#exchange(url, headers, xml, 'getCompanyInfo');
    const handle = document && find(document, 'companyHandle');
    return handle && textOf(handle);
  }

  async send(
    { operation, request }: Fixture,
    writer: RequestWriter,
  ): Promise<{ status: number; document: XmlElement | undefined }> {
    const endpoints = resolveEndpoints(this.#options);
    const written = (lines: readonly string[]): { text: string; anonymous: boolean } => {
      const document = parseXml(lines.join('\n'));
      if (document === undefined) return { text: lines.join('\n'), anonymous: true };
      const anonymous = !RequestWriter.hasCredentials(document);
      return { text: xmlLines(writer.write(document)).join('\n'), anonymous };
    };
    if (request.parts !== undefined) {
      const parts = request.parts.flatMap((part) =>
        'xml' in part ? [{ name: part.name, xml: written(part.xml).text }] : [],
      );
      const { contentType, stream } = multipart(parts, () => undefined);
      return this.#exchange(endpoints.upload, { 'Content-Type': contentType }, stream, operation);
    }
    const { text, anonymous } = written(request.xml ?? []);
    const { user, password } = this.#options.auth;
    const action = request.headers['soapaction'];
    const type = request.headers['content-type'] ?? 'text/xml; charset=UTF-8';
    const headers = {
      'Content-Type': /soap\+xml/.test(type) ? `${type}; action="${operation}"` : type,
      ...(action === undefined ? {} : { SOAPAction: action }),
      // The recorded call used an HTTP header for authentication, which is not recorded.
      ...(anonymous
        ? { Authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` }
        : {}),
    };
    return this.#exchange(
      /\/api\//.test(request.path) ? endpoints.plain : endpoints.soap,
      headers,
      text,
      operation,
    );
  }

  async #exchange(
    url: string,
    headers: Readonly<Record<string, string>>,
    body: Parameters<Transport['send']>[0]['body'],
    operation: string,
  ): Promise<{ status: number; document: XmlElement | undefined }> {
    const deadline = new Deadline(operation, this.#options.timeout ?? 60_000, this.#options.signal);
    const { signal } = deadline;
    try {
      const length = typeof body === 'string' ? { 'Content-Length': String(Buffer.byteLength(body)) } : {};
      const response: HttpResponse = await this.#transport.send({
        operation,
        url,
        headers: { ...headers, ...length },
        body,
        signal,
      });
      const { text } = await readAnswer({ operation, signal, options: this.#options }, response);
      return { status: response.status, document: parseXml(text) };
    } catch (error) {
      throw deadline.hasExpired ? signal.reason : error;
    } finally {
      deadline.stop();
    }
  }
}
