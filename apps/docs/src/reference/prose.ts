import { contract } from '@ips-sdk/types/contract';
import { docs } from '@ips-sdk/types/docs';
import { constantsLink, operationLink, typeLink } from './links.ts';

/**
 * A description of the overlay as Markdown. It may hold `code`; other characters that HTML or a table would take for markup are
 * escaped. The names of operations, types and lists of constants become links.
 *
 * @param self - The name that the page is about, which needs no link to itself.
 */
export function prose(text: string, self?: string): string {
  return text
    .split(/(`[^`]*`)/)
    .map((part, index) => {
      if (index % 2 === 0)
        return part.replace(/[<>*_[\]~]/g, '\\$&').replace(NAME, (name) => linkOf(name, self) ?? name);
      return linkOf(part.slice(1, -1), self) ?? part;
    })
    .join('');
}

/** A word with a capital inside: a plain word such as Asset, the name of a type, may be meant as a word. */
const NAME = /\b[A-Za-z][a-z]+(?:[A-Z][A-Za-z]*)+\b/g;

function linkOf(name: string, self: string | undefined): string | undefined {
  if (name === self) return undefined;
  if (Object.hasOwn(contract.operations, name)) return operationLink(name);
  if (Object.hasOwn(contract.types, name)) return typeLink(name);
  const list = Object.hasOwn(docs.constants, name) ? docs.constants[name] : undefined;
  return list === undefined ? undefined : constantsLink(list.title);
}
