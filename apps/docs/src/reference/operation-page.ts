import { docs } from '@ips-sdk/types/docs';
import { operationRoles } from '@ips-sdk/types/roles';
import type { Page } from '../page.ts';
import { type DescribedOperation, describeOperation, operationNames } from './contract-model.ts';
import { discrepanciesOf } from './discrepancies.ts';
import { documentedOn, evidenceNote } from './evidence.ts';
import { operationExamples } from './examples.ts';
import { fieldTable } from './field-table.ts';
import { areaPath, operationLink, operationPath } from './links.ts';
import { literal } from './literal.ts';
import { blocks, code, codeBlock, firstSentence, listed, plain, table, unindexed } from './markdown.ts';
import { prose } from './prose.ts';
import { serverSupportOf } from './server-support.ts';

/** The call of an operation as a user of the client writes it. */
export function callCode(name: string, input: object): string {
  const start = `const answer = await ips.${name}(`;
  return `${start}${Object.keys(input).length === 0 ? '' : literal(input, '', start.length)});`;
}

/** Everything about one operation. */
export function operationPage(name: string): Page {
  const operation = describeOperation(name);
  const { doc, request, response } = operation;
  const description = doc.description ?? `The operation ${name}.`;
  return {
    path: operationPath(name),
    title: name,
    description: plain(firstSentence(description)),
    section: 'api',
    group: doc.area,
    body: blocks(
      doc.deprecated === undefined ? undefined : `:::caution[Deprecated]\n${prose(doc.deprecated)}\n:::`,
      prose(description, name),
      facts(operation),
      evidenceNote(doc),
      doc.limits
        ?.map((limit) => `- ${prose(limit.text, name)} ${evidenceNote(limit) ?? ''}`.trimEnd())
        .join('\n'),
      `## Input\n\nElement ${code(lowerFirst(request.name))}.`,
      fieldTable(request, 'input-'),
      response === undefined ? undefined : `## Output\n\nElement ${code(lowerFirst(response.name))}.`,
      response === undefined ? undefined : fieldTable(response, 'output-'),
      '## Faults',
      // The same in every page: the page of all faults is the one to find.
      unindexed(faults(name), 'members'),
      examples(name),
      differences(name),
      neighbours(operation),
    ),
  };
}

function facts({ name, doc, action, idempotency }: DescribedOperation): string {
  const roles = operationRoles[name as keyof typeof operationRoles];
  const area = docs.areas[doc.area]?.title ?? doc.area;
  const rows = table(
    ['', ''],
    [
      ['Area', `[${area}](/${areaPath(doc.area)}/)`],
      ['Roles', roles === undefined ? 'None listed by the service.' : rolesText(roles)],
      ['Retries', REPEATING[idempotency]],
      ['SOAP action', code(action)],
      ['Local server', localServer(name)],
      ['Evidence', documentedOn(doc.page)],
    ],
  );
  return `<div class="facts">\n\n${rows}\n\n</div>`;
}

/** Whether the local server supports the operation. */
function localServer(name: string): string {
  const support = serverSupportOf(name);
  if (support === undefined) return 'Unknown.';
  const text = support.supported ? 'Supported.' : 'Not supported: it returns a fault.';
  // The table says where else it says more.
  const differences = support.differences.replace(/\bbelow\b/, 'there');
  return `[${text.replace(/\.$/, '')}](/reference/server-support/). ${differences}`.trim();
}

const ALL_ROLES = 9;

function rolesText(roles: readonly string[]): string {
  const text = listed(roles.map((role) => `[${role}](/api/roles/#${role.toLowerCase()})`));
  return roles.length === ALL_ROLES ? `All: ${text}` : text;
}

const REPEATING = {
  safe: '**Safe**: the operation changes nothing, so the client retries it.',
  idempotent: '**Idempotent**: a second call has no further effect, so the client retries it.',
  unsafe:
    '**Not repeatable**: a second call may do the work twice. The client retries only if the service certainly did not receive the first request.',
} as const;

function faults(name: string): string {
  const roles = operationRoles[name as keyof typeof operationRoles];
  const rows = [
    [
      '`authenticationFault`',
      'The credentials are missing or wrong.',
      '[10000 to 10002](/api/faults/#authenticationfault)',
    ],
    [
      '`authorizationFault`',
      roles === undefined || roles.length === ALL_ROLES
        ? 'The caller has no access to the company, the user or the object.'
        : "The caller's role may not call the operation (20003), or has no access to the company, the user or the object.",
      '[20000 to 20009](/api/faults/#authorizationfault)',
    ],
    [
      '`ipsApiFault`',
      'A parameter is missing or wrong, the XML does not match the schema, or the server failed.',
      '[30000 to 30003](/api/faults/#ipsapifault)',
    ],
  ];
  return table(['Fault', 'When', 'Codes'], rows);
}

function examples(name: string): string {
  const all = operationExamples(name);
  return blocks(
    all.length === 1 ? '## Example' : '## Examples',
    ...all.flatMap(({ title, input, requestXml, responseXml }) => [
      all.length === 1 && title === 'An example'
        ? undefined
        : `${all.length === 1 ? '' : '### '}${prose(title)}`,
      codeBlock('ts title="TypeScript"', callCode(name, input)),
      unindexed(codeBlock('xml title="Request"', requestXml)),
      unindexed(codeBlock('xml title="Response"', responseXml)),
    ]),
  );
}

/** Where the service's documentation differs from the wire. */
export function differences(name: string): string | undefined {
  const found = discrepanciesOf(name);
  if (found.length === 0) return undefined;
  const lines = found.map(({ where, documented, wire, handling }) => {
    const [, side, field] = /^\w+(?: (input|output))?\/(.+)$/.exec(where) ?? [];
    const subject =
      field === undefined ? '' : `${code(field)}${side === undefined ? '' : ` of the ${side}`}. `;
    return `- ${subject}Documentation: ${documented} Wire: ${wire} ${handling}`;
  });
  return blocks('## Where the documentation differs', lines.join('\n'));
}

function neighbours({ name, doc }: DescribedOperation): string | undefined {
  const others = operationNames.filter(
    (other) => other !== name && docs.operations[other]?.area === doc.area,
  );
  return others.length === 0 ? undefined : `## See also\n\n${others.map(operationLink).join(' · ')}`;
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
