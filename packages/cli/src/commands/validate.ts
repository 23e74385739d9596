import { contract } from '@ips-sdk/types/contract';
import { type SchemaName, validate } from '@ips-sdk/validator/validate';
import { codec, IpsFault, WireError } from '@ips-sdk/wire';
import { CliError } from '../cli-error.js';
import type { Context } from '../context.js';
import { EXIT } from '../exit-code.js';
import { count } from '../output/columns.js';
import { readText } from './read-input.js';
import { schemaName } from './schema-names.js';

/** Messages of the contract by element name. */
const MESSAGES = new Map(Object.entries(contract.messages).map(([name, { element }]) => [element, name]));

interface Options {
  readonly type?: string;
  readonly lenient?: boolean;
}

interface Finding {
  readonly severity: 'error' | 'warning';
  readonly code: string;
  readonly path: string;
  readonly message: string;
  readonly line: number | undefined;
  readonly column: number | undefined;
}

interface Document {
  /** The type in the contract. */
  readonly type: string;
  readonly value: unknown;
  readonly findings: readonly Finding[];
}

/** The fields of the output. */
export const fields = ['severity', 'code', 'path', 'message', 'line', 'column'];

/** `ips validate` */
export async function run(context: Context, options: Options, file: string): Promise<number> {
  const text = await readText(context, file);
  const name = file === '-' ? 'stdin' : file;
  const isXml = text
    .replace(/^\ufeff/, '')
    .trimStart()
    .startsWith('<');
  const document = isXml ? readXml(text, options) : readJson(text, name, options);
  const { type, value } = document;
  const findings = [...document.findings];
  if (value !== undefined) {
    const mode = options.lenient ? 'lenient' : 'strict';
    const { errors, warnings } = validate(type as SchemaName, value, { mode });
    for (const [severity, issues] of [
      ['error', errors],
      ['warning', warnings],
    ] as const) {
      for (const { code, path, message } of issues)
        findings.push({ severity, code, path, message, line: undefined, column: undefined });
    }
  }
  await context.print.rows(
    findings,
    [
      {
        title: 'SEVERITY',
        value: ({ severity }) => severity,
        paint: (shown, row, paint) => paint(row.severity === 'error' ? 'red' : 'yellow', shown),
      },
      { title: 'WHERE', value: (row) => whereOf(row) },
      { title: 'CODE', value: ({ code }) => code },
      { title: 'MESSAGE', value: ({ message }) => message, shrinks: true },
    ],
    fields,
  );
  const errors = findings.filter(({ severity }) => severity === 'error').length;
  if (errors === 0) context.done(`${name} is a valid ${type}`);
  else context.failed(`${name} is not a valid ${type}: ${count(errors, 'error')}`);
  return errors === 0 ? EXIT.ok : EXIT.failed;
}

function whereOf({ path, line, column }: Finding): string {
  return line === undefined ? path : `${line}:${column}`;
}

function readJson(text: string, name: string, options: Options): Document {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const finding = {
      severity: 'error',
      code: 'malformed-json',
      path: '',
      message: (error as Error).message,
      line: undefined,
      column: undefined,
    } as const;
    return { type: options.type ?? 'JSON document', value: undefined, findings: [finding] };
  }
  const schema = (value as { $schema?: unknown } | null)?.$schema;
  const named =
    typeof schema === 'string' ? /([^/#]+?)(?:\.schema)?(?:\.json)?#?$/.exec(schema)?.[1] : undefined;
  const type = options.type ?? named;
  if (type === undefined) {
    throw new CliError(
      EXIT.usage,
      `${name}: unknown type`,
      'give --type submitJobParam, or a "$schema" in the document; ips schema lists all names',
    );
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    const { $schema: _, ...fields } = value as Record<string, unknown>;
    return { type: schemaName(type), value: fields, findings: [] };
  }
  return { type: schemaName(type), value, findings: [] };
}

/** Reads a request, a response, or a message without an envelope, depending on the root element. */
function readXml(text: string, options: Options): Document {
  const findings: Finding[] = [];
  const strict = !options.lenient;
  const onIssue = (issue: { code: string; path: string; message: string }): void => {
    findings.push({ severity: 'warning', ...issue, line: undefined, column: undefined });
  };
  const given = options.type === undefined ? undefined : schemaName(options.type);
  const answer = given === undefined ? answerIn(text) : (MESSAGES.get(given) ?? given);
  try {
    if (answer === undefined) {
      const { operation, input } = codec.decodeRequest(text, { strict, onIssue });
      return { type: elementOf(contract.operations[operation]?.input ?? operation), value: input, findings };
    }
    const operation = Object.entries(contract.operations).find(([, { output }]) => output === answer)?.[0];
    const value =
      operation === undefined
        ? codec.decodeMessage(answer, text, { strict, onIssue })
        : codec.decodeResponse(operation as 'getActiveJobs', text, { strict, onIssue }).value;
    return { type: elementOf(answer), value, findings };
  } catch (error) {
    if (error instanceof IpsFault) return { type: 'fault of the service', value: undefined, findings };
    if (!(error instanceof WireError)) throw error;
    const { code, path, message, line, column } = error;
    findings.push({ severity: 'error', code, path, message, line, column });
    return { type: answer ?? 'message of the contract', value: undefined, findings };
  }
}

function elementOf(message: string): string {
  return contract.messages[message]?.element ?? message;
}

/** The response message whose element the text contains; `undefined` for a request. */
function answerIn(text: string): string | undefined {
  for (const [, element = ''] of text.matchAll(/<(?:[\w.-]+:)?([\w.-]+)/g)) {
    const message = MESSAGES.get(element);
    if (message !== undefined && /Return$|Fault$/.test(message)) return message;
    if (message !== undefined && /Param$/.test(message)) return undefined;
  }
  return undefined;
}
