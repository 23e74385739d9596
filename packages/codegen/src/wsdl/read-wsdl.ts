import { CodegenError, DiagnosticBag } from '../diagnostic.js';
import { displayPath } from '../display-path.js';
import type { Contract, MessageElement, Operation } from '../model.js';
import { attribute } from '../xml/parse-xml.js';
import { checkBases } from './check-bases.js';
import { type Documents, loadDocuments } from './load-documents.js';
import { MessageElements } from './message-elements.js';
import { documentationText, OperationReader } from './read-operations.js';
import { readService } from './read-ports.js';
import { type ReadFile, Sources } from './read-source.js';
import { TypeReader } from './read-types.js';
import { SchemaIndex } from './schema-index.js';
import { WsdlComponents } from './wsdl-component.js';

/** Options of {@link readWsdl}. */
export interface ReadWsdlOptions {
  /** Reads a file's bytes or text; the default reads from disk. */
  readonly readFile?: ReadFile | undefined;
  /**
   * Local files for the locations of imports and includes, usually URLs, by the location as written in the
   * documents. Nothing is downloaded.
   */
  readonly resolve?: Readonly<Record<string, string>> | undefined;
  /** The name of the service, required if the document has several. */
  readonly service?: string | undefined;
}

/**
 * Reads a WSDL 1.1 document with document/literal SOAP bindings into a {@link Contract}.
 *
 * The supported subset is complete types and messages: sequences, `all`, choices, groups, wildcards, attributes, extension,
 * restriction, simple types, substitution groups, `nillable`, anonymous types, includes and imports of local files. Anything
 * else is reported by name, file and line, all findings at once.
 *
 * @throws CodegenError when the document is malformed or uses an unsupported construct.
 * @example
 * ```ts
 * import { readWsdl } from '@ips-sdk/codegen';
 *
 * const contract = readWsdl('service.wsdl');
 * console.log(contract.operations.map((operation) => operation.name));
 * ```
 */
export function readWsdl(path: string, options: ReadWsdlOptions = {}): Contract {
  try {
    return read(path, options);
  } catch (error) {
    // The chain of references between definitions is too long for the stack.
    if (!(error instanceof RangeError)) throw error;
    const position = { file: displayPath(path), line: 1, column: 1 };
    throw new CodegenError([{ code: 'too-deep', message: 'definitions are nested too deeply', position }]);
  }
}

function read(path: string, options: ReadWsdlOptions): Contract {
  const documents = loadDocuments(path, new Sources(options.readFile, options.resolve));
  const bag = new DiagnosticBag();
  const index = new SchemaIndex(documents, bag);
  const types = new TypeReader(index, bag);
  types.readNamedTypes();
  const contract = readContract(documents, index, types, options.service, bag);
  const checked = checkBases(contract, bag);
  bag.throwIfAny();
  return checked;
}

/**
 * @see {@link https://www.w3.org/TR/2001/NOTE-wsdl-20010315#_document-s | WSDL 1.1, 2.1 WSDL Document Structure}
 */
function readContract(
  { definitions }: Documents,
  index: SchemaIndex,
  types: TypeReader,
  wanted: string | undefined,
  bag: DiagnosticBag,
): Contract {
  const [root] = definitions;
  const components = new WsdlComponents(definitions, bag);
  const messages = new MessageElements(components, index, types, bag);
  const reader = new OperationReader(components, messages, bag);
  for (const one of definitions) reader.refuseRequiredExtensions(one);
  const service = readService(definitions, components, wanted, bag);
  const operations = new Map<string, Operation>();
  for (const binding of service.bindings) {
    for (const operation of reader.readBinding(binding)) {
      const existing = operations.get(operation.name);
      if (existing === undefined) operations.set(operation.name, operation);
      else if (!isSame(existing.input, operation.input) || !isSame(existing.output, operation.output)) {
        bag.add(
          'conflict',
          `the operation "${operation.name}" is defined twice, with different messages; overloaded operations are not supported, so rename one`,
          operation.position,
        );
      }
    }
  }
  const all = [...operations.values()];
  const isMessage = (message: MessageElement | undefined): boolean =>
    message !== undefined && message.xmlName !== '';
  const messageNamespace =
    all.flatMap(({ input, output }) => [input, output]).find(isMessage)?.namespace ?? '';
  return {
    service: service.name,
    ports: service.ports,
    wsdlNamespace: attribute(root, 'targetNamespace') ?? '',
    messageNamespace,
    version: /(?:^|\/)(\d{4}-\d{2}-\d{2}[\w-]*)\/?$/.exec(messageNamespace)?.[1],
    operations: all,
    otherElements: messages.others(all),
    types: types.types,
    documentation: documentationText(root),
  };
}

/** Whether two bodies contain the same element, or are both empty. */
function isSame(one: MessageElement | undefined, other: MessageElement | undefined): boolean {
  return one?.xmlName === other?.xmlName && one?.namespace === other?.namespace;
}
