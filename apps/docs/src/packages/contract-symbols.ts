import * as constants from '@ips-sdk/types/constants';
import { contract } from '@ips-sdk/types/contract';
import { docs } from '@ips-sdk/types/docs';
import { constantsAnchor, operationPath, typePath } from '../reference/links.ts';

/**
 * The page of the API reference that describes what the types package exports under a name; `undefined` for a name that is not of
 * the contract.
 */
export function contractSymbolLink(name: string): string | undefined {
  if (Object.hasOwn(contract.types, name)) return `/${typePath(name)}/`;
  // `KnownAssetType` is the union of the known values alone.
  const listName = name.replace(/^Known/, '');
  const list = Object.hasOwn(docs.constants, listName) ? docs.constants[listName] : undefined;
  if (list !== undefined) return `/api/constants/#${constantsAnchor(list.title)}`;
  return messageLinks().get(name);
}

let links: Map<string, string> | undefined;

function messageLinks(): Map<string, string> {
  links ??= new Map(
    Object.entries(contract.operations).flatMap(([operation, { input, output }]) => [
      [input, `/${operationPath(operation)}/#input`] as const,
      ...(output === undefined ? [] : [[output, `/${operationPath(operation)}/#output`] as const]),
    ]),
  );
  return links;
}

/** The exports of a module for every name of the contract. The API reference describes them; the module's page has one line. */
export const contractExports: Readonly<
  Record<string, { readonly isOne: (name: string) => boolean; readonly note: string }>
> = {
  '@ips-sdk/types': {
    isOne: (name) => name === 'NamedTypes' || name === 'Operations' || contractSymbolLink(name) !== undefined,
    note: 'The module also exports [every type](/api/types/) of the contract under its name, `NAMEParam` and `NAMEReturn` for [each operation](/api/operations/), and a union for each list of [constants](/api/constants/): open as `NAME`, closed as `KnownNAME`. `Operations["NAME"]["input"]` and `["output"]` are the input and output of an operation. `NamedTypes` maps names to all types and messages.',
  },
  '@ips-sdk/client': {
    isOne: () => false,
    note: 'The module also exports everything from [`@ips-sdk/types`](/packages/types/exports/).',
  },
  '@ips-sdk/types/constants': {
    isOne: (name) => Array.isArray(Object.entries(constants).find(([key]) => key === name)?.[1]),
    note: 'The module also exports the values of each list of [constants](/api/constants/) as an array.',
  },
  '@ips-sdk/validator': {
    isOne: (name) => /^(is|validate)[A-Z]/.test(name),
    note: 'The module also exports `isNAME` and `validateNAME` for [every type](/api/types/) of the contract and, as `NAMEParam` and `NAMEReturn`, for the messages of [each operation](/api/operations/).',
  },
};
