import { docs } from '@ips-sdk/types/docs';
import type { Page } from '../page.ts';
import {
  type Described,
  describeType,
  isPrimitive,
  usesInOperations,
  usesInTypes,
} from './contract-model.ts';
import { documentedOn, evidenceNote } from './evidence.ts';
import { typeExample } from './examples.ts';
import { fieldTable } from './field-table.ts';
import { jobStoryText } from './job-story.ts';
import { areaPath, operationLink, typeLink, typePath } from './links.ts';
import { literal } from './literal.ts';
import { blocks, code, codeBlock, firstSentence, plain, unindexed } from './markdown.ts';
import { differences } from './operation-page.ts';
import { prose } from './prose.ts';

/** Everything about one type. */
export function typePage(name: string): Page {
  const type = describeType(name);
  const { doc } = type;
  const description = doc.description ?? `The type ${name}.`;
  const { value, xml } = typeExample(name);
  return {
    path: typePath(name),
    title: name,
    description: plain(firstSentence(description)),
    section: 'api',
    group: doc.area,
    body: blocks(
      doc.deprecated === undefined ? undefined : `:::caution[Deprecated]\n${prose(doc.deprecated)}\n:::`,
      prose(description, name),
      // Common words such as Asset are on many pages; this one is about the word.
      `<span data-pagefind-weight="10">${name}</span> is a type of [${docs.areas[doc.area]?.title ?? doc.area}](/${areaPath(doc.area)}/).${type.array ? ` ${arrayNote(type)}` : ''}`,
      [documentedOn(doc.page), evidenceNote(doc)].filter((part) => part !== undefined).join(' '),
      name === 'ActiveJob' ? jobStoryText() : undefined,
      '## Fields',
      fieldTable(type, 'field-'),
      '## Example',
      codeBlock('ts title="TypeScript"', declaration(name, value)),
      unindexed(codeBlock('xml title="XML"', xml)),
      uses(name),
      differences(name),
    ),
  };
}

/** The example as a constant with the type, which a compiler can check. */
export function declaration(name: string, value: unknown): string {
  const constant = name.charAt(0).toLowerCase() + name.slice(1);
  const start = `const ${constant}: ${name} = `;
  return `import type { ${name} } from '@ips-sdk/types';\n\n${start}${literal(value, '', start.length)};`;
}

function arrayNote({ fields }: Described): string {
  const item = fields[0]?.[1] ?? 'xsd:string';
  const typescript = isPrimitive(item) ? code(`${PRIMITIVES[item] ?? 'string'}[]`) : code(`${item}[]`);
  return `On the wire, it is an element with one \`items\` for each entry. In TypeScript, it is ${typescript}.`;
}

const PRIMITIVES: Readonly<Record<string, string>> = {
  'xsd:boolean': 'boolean',
  'xsd:int': 'number',
  'xsd:long': 'number',
  'xsd:double': 'number',
};

function uses(name: string): string {
  const inTypes = usesInTypes(name).map(({ owner, field }) => `- ${typeLink(owner)}, field ${code(field)}`);
  const inOperations = usesInOperations(name).map(
    ({ owner, field, side }) => `- ${operationLink(owner)}, ${side} ${code(field)}`,
  );
  const all = [...inOperations, ...inTypes];
  return `## Where it is used\n\n${all.length === 0 ? 'No operation or type of the contract uses it.' : all.join('\n')}`;
}
