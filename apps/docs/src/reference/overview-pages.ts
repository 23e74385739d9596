import { constantSpellings, faultCodes } from '@ips-sdk/types/constants';
import { contract } from '@ips-sdk/types/contract';
import { docs } from '@ips-sdk/types/docs';
import { operationRoles } from '@ips-sdk/types/roles';
import type { Page } from '../page.ts';
import { describeOperation, describeType, operationNames, typeNames } from './contract-model.ts';
import { documentedOn, evidenceNote } from './evidence.ts';
import { areaPath, operationLink, typeLink } from './links.ts';
import { blocks, code, firstSentence, listed, plain, table } from './markdown.ts';
import { prose } from './prose.ts';

const areas = Object.entries(docs.areas);

const operationsOf = (area: string): string[] =>
  operationNames.filter((name) => docs.operations[name]?.area === area);
const typesOf = (area: string): string[] => typeNames.filter((name) => docs.types[name]?.area === area);

/** The entrance to the API reference. */
export function apiPage(): Page {
  const ports = contract.ports.map(({ name, soapVersion, address }) => [
    code(name),
    `SOAP ${soapVersion}`,
    code(address),
  ]);
  return {
    path: 'api',
    title: 'API reference',
    description: `The ${operationNames.length} operations and ${typeNames.length} types of the IPS API, version ${contract.version}.`,
    section: 'api',
    body: blocks(
      `${operationNames.length} operations and ${typeNames.length} types of version ${contract.version}, with the order and cardinality of the wire. The codec of [@ips-sdk/wire](/packages/wire/) wrote every example, and the examples are valid for the validators and the XML Schema.`,
      '## Areas',
      table(
        ['Area', 'Operations', 'Types', 'About'],
        areas.map(([area, { title, description }]) => [
          `[${title}](/${areaPath(area)}/)`,
          `${operationsOf(area).length}`,
          `${typesOf(area).length}`,
          prose(firstSentence(description)),
        ]),
      ),
      '## Across the API',
      [
        '- [All operations](/api/operations/) and [all types](/api/types/)',
        '- [Constants](/api/constants/): known values of text fields',
        '- [Formats](/api/formats/): handles, paths, schedules and other text with a fixed form',
        '- [Faults](/api/faults/): every code and what it means',
        '- [Roles](/api/roles/): which users may call each operation',
      ].join('\n'),
      '## On the wire',
      `Document/literal SOAP over HTTPS. A request has the body \`NAMEParam\`, an answer \`NAMEReturn\`, in the namespace ${code(contract.messageNamespace)}. The header \`SOAPAction\` is the name of the operation. Elements must be in the order of the tables.`,
      table(['Port', 'Version', 'Address in the WSDL'], ports),
    ),
  };
}

/** One page for each area, with its operations and types. */
export function areaPages(): Page[] {
  return areas.map(([area, { title, description }]) => {
    const operations = operationsOf(area);
    const types = typesOf(area);
    return {
      path: areaPath(area),
      title,
      description: plain(firstSentence(description)),
      section: 'api' as const,
      group: area,
      body: blocks(
        prose(description),
        operations.length === 0 ? undefined : `## Operations\n\n${operationTable(operations)}`,
        types.length === 0 ? undefined : `## Types\n\n${typeTable(types)}`,
      ),
    };
  });
}

function operationTable(names: readonly string[]): string {
  return table(
    ['Operation', 'What it does'],
    names.map((name) => [
      operationLink(name),
      prose(firstSentence(describeOperation(name).doc.description ?? ''), name),
    ]),
  );
}

function typeTable(names: readonly string[]): string {
  return table(
    ['Type', 'What it is'],
    names.map((name) => [
      typeLink(name),
      prose(firstSentence(describeType(name).doc.description ?? ''), name),
    ]),
  );
}

/** All operations, and all types, on one page each. */
export function indexPages(): Page[] {
  const sorted = (names: readonly string[]): string[] =>
    [...names].sort((a, b) => a.toLowerCase().localeCompare(b.toLowerCase(), 'en'));
  return [
    {
      path: 'api/operations',
      title: 'All operations',
      description: `The ${operationNames.length} operations of the IPS API from A to Z.`,
      section: 'api',
      body: operationTable(sorted(operationNames)),
    },
    {
      path: 'api/types',
      title: 'All types',
      description: `The ${typeNames.length} types of the IPS API from A to Z.`,
      section: 'api',
      body: typeTable(sorted(typeNames)),
    },
  ];
}

/** The fields that hold a list of constants, or a format, by its name. */
function fieldsWith(matches: (doc: { constants?: readonly string[]; format?: string }) => boolean): string[] {
  const of = (owners: typeof docs.types, link: (name: string) => string): string[] =>
    Object.entries(owners).flatMap(([name, { fields }]) =>
      Object.entries(fields).flatMap(([field, doc]) => (matches(doc) ? [`${link(name)}/${field}`] : [])),
    );
  const operationOfMessage = new Map(
    operationNames.flatMap((name) => {
      const { input, output } = describeOperation(name);
      return [[input, name] as const, ...(output === undefined ? [] : [[output, name] as const])];
    }),
  );
  return [
    ...of(docs.types, typeLink),
    ...of(docs.messages, (name) => {
      const operation = operationOfMessage.get(name);
      return operation === undefined ? code(name) : operationLink(operation);
    }),
  ];
}

/** Every list of constants. */
export function constantsPage(): Page {
  const lists = Object.entries(docs.constants).sort(([, a], [, b]) => a.title.localeCompare(b.title, 'en'));
  return {
    path: 'api/constants',
    title: 'Constants',
    description: `The ${lists.length} lists of constants of the IPS API.`,
    section: 'api',
    body: blocks(
      'On the wire, constants are plain text. In TypeScript, each list is an open union: an editor completes known values, and values that the service adds later are allowed. `@ips-sdk/types/constants` exports the values as arrays.',
      ...lists.map(([name, { title, description, page, values, inferredMeanings = [], ...evidence }]) =>
        blocks(
          `## ${title}`,
          [`${prose(description)} In TypeScript: ${code(name)}.`, documentedOn(page), evidenceNote(evidence)]
            .filter((part) => part !== undefined)
            .join(' '),
          table(
            ['Value', 'Meaning'],
            Object.entries(values).map(([value, meaning]) => [
              code(value),
              `${prose(meaning)}${inferredMeanings.includes(value) ? ' _Inferred._' : ''}`,
            ]),
          ),
          spellings(name),
          usedBy(fieldsWith((doc) => doc.constants?.includes(name) ?? false)),
        ),
      ),
    ),
  };
}

function spellings(list: string): string | undefined {
  const known = Object.entries(constantSpellings[list] ?? {});
  if (known.length === 0) return undefined;
  return `The service also returns ${listed(known.map(([seen, meant]) => `${code(seen)} for ${code(meant)}`))}.`;
}

function usedBy(fields: readonly string[]): string | undefined {
  if (fields.length === 0) return undefined;
  const text = fields.join(', ');
  return fields.length > 8
    ? `<details>\n<summary>Used by ${fields.length} fields</summary>\n\n${text}\n\n</details>`
    : `Used by ${text}.`;
}

/** Text with a fixed form. */
export function formatsPage(): Page {
  return {
    path: 'api/formats',
    title: 'Formats',
    description: 'Handles, paths, addresses, schedules and other text of the IPS API with a fixed form.',
    section: 'api',
    body: blocks(
      'A handle identifies an object of the service. Handles are opaque: take them from answers, do not build them, and do not keep them longer than a session. The forms here are those that the service is known to return. In lenient mode, the validator reports other forms as warnings.',
      ...Object.entries(docs.formats).map(([name, { description, pattern, example, ...evidence }]) =>
        blocks(
          // The anchor that the renderer makes of it is the name again.
          `## ${name.replaceAll('-', ' ')}`,
          [prose(description), evidenceNote(evidence)].filter((part) => part !== undefined).join(' '),
          [
            example === undefined ? undefined : `- Example: ${code(example)}`,
            pattern === undefined ? undefined : `- Form: ${code(pattern)}`,
          ]
            .filter((line) => line !== undefined)
            .join('\n'),
          usedBy(fieldsWith((doc) => doc.format === name)),
        ),
      ),
    ),
  };
}

/** Every fault code. */
export function faultsPage(): Page {
  const kinds = [
    ['authenticationFault', 'The service does not recognize the caller.'],
    ['authorizationFault', 'The caller is not allowed to make the call.'],
    ['ipsApiFault', 'The service cannot execute the request.'],
  ] as const;
  const codes = Object.entries(faultCodes);
  return {
    path: 'api/faults',
    title: 'Faults',
    description: `The three kinds of faults of the IPS API and their ${codes.length} codes.`,
    section: 'api',
    body: blocks(
      'A failed operation answers a SOAP fault whose detail contains one of three elements, each with a `code` and a `reason`. Their namespace has no version, whatever the version of the request: `http://www.scene7.com/IpsApi/xsd`. The HTTP status is 500, unless the header of the request sets another with `faultHttpStatusCode`. A fault can therefore have status 200.',
      'In TypeScript, a fault is an `IpsFault`: see [Faults and errors](/guides/faults/). Batch operations do not fault if single items fail. They count the items, and list the failed ones with the same codes in `warningDetailArray` and `errorDetailArray`.',
      ...kinds.map(([fault, meaning]) =>
        blocks(
          `## ${fault}`,
          meaning,
          table(
            ['Code', 'Name', 'Meaning'],
            codes
              .filter(([, each]) => each.fault === fault)
              .map(([number, { name, description }]) => [
                `<code id="${number}">${number}</code>`,
                code(name),
                prose(description),
              ]),
          ),
        ),
      ),
    ),
  };
}

/** The roles and their operations. */
export function rolesPage(): Page {
  const meanings = docs.constants['UserRole']?.values ?? {};
  const used = new Set<string>(Object.values(operationRoles).flatMap((each) => each ?? []));
  const roles = Object.keys(meanings).filter((role) => used.has(role));
  return {
    path: 'api/roles',
    title: 'Roles',
    description: 'The roles of users, and the operations that each may call.',
    section: 'api',
    body: blocks(
      'The roles come from the service\'s documentation. Users of an image portal also need permission on the folder or asset. "None listed" means that the documentation lists no roles.',
      table(
        ['Role', 'Meaning', 'Operations'],
        roles.map((role) => [
          `<code id="${role.toLowerCase()}">${role}</code>`,
          prose(meanings[role] ?? ''),
          `${Object.values(operationRoles).filter((each) => each?.some((allowed) => allowed === role)).length}`,
        ]),
      ),
      ...areas.flatMap(([area, { title }]) => {
        const operations = operationsOf(area);
        if (operations.length === 0) return [];
        return [
          `## ${title}`,
          table(
            ['Operation', 'Roles'],
            operations.map((name) => {
              const allowed = operationRoles[name as keyof typeof operationRoles];
              return [operationLink(name), rolesCell(allowed, roles)];
            }),
          ),
        ];
      }),
    ),
  };
}

function rolesCell(allowed: readonly string[] | undefined, roles: readonly string[]): string {
  if (allowed === undefined) return 'None listed';
  const missing = roles.filter((role) => !allowed.includes(role));
  if (missing.length === 0) return 'All';
  return missing.length <= 3 ? `All except ${listed(missing.map(code))}` : allowed.map(code).join(', ');
}
