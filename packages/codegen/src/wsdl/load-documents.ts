import { readFileSync } from 'node:fs';
import { dirname, isAbsolute, resolve } from 'node:path';
import { CodegenError, type SourcePosition } from '../diagnostic.js';
import { displayPath } from '../display-path.js';
import { attribute, parseXml, type XmlElement } from '../xml/parse-xml.js';
import { WSDL, XSD } from './namespaces.js';

/** One `xsd:schema` element: inline in the WSDL, or the root of a file that it includes. */
export interface SchemaDocument {
  readonly root: XmlElement;
  readonly targetNamespace: string;
  readonly elementQualified: boolean;
  readonly attributeQualified: boolean;
}

/** A WSDL with all the schemas that it reaches. */
export interface Documents {
  readonly definitions: XmlElement;
  readonly schemas: readonly SchemaDocument[];
}

/** Reads a file's text. Tests and tools with documents in memory pass their own. */
export type ReadFile = (path: string) => string;

const MAX_BYTES = 64 * 1024 * 1024;

/**
 * Reads a WSDL from disk and follows the local schema files that it includes or imports.
 *
 * @see {@link https://www.w3.org/TR/2001/NOTE-wsdl-20010315#_types | WSDL 1.1, 2.2 Types}
 * @see {@link https://www.w3.org/TR/2004/REC-xmlschema-1-20041028/#src-include | XML Schema 1.0, 4.2.1, Inclusion Constraints and Semantics}
 * @see {@link https://www.w3.org/TR/2004/REC-xmlschema-1-20041028/#src-import | XML Schema 1.0, 4.2.3, Import Constraints and Semantics}
 */
export function loadDocuments(
  wsdlPath: string,
  readFile: ReadFile = (path) => readFileSync(path, 'utf8'),
): Documents {
  const definitions = parseXml(readSource(wsdlPath, wsdlPath, readFile, undefined), displayPath(wsdlPath));
  if (definitions.uri !== WSDL || definitions.local !== 'definitions') {
    stop(
      'not-wsdl',
      `the root element is <${definitions.name}>, not a WSDL 1.1 <definitions>`,
      definitions.position,
    );
  }
  const schemas: SchemaDocument[] = [];
  const loaded = new Map<string, Set<string>>();

  const visit = (root: XmlElement, path: string, inherited: string | undefined): void => {
    const document = toSchemaDocument(root, inherited);
    schemas.push(document);
    for (const child of root.children) {
      if (child.uri !== XSD) continue;
      if (child.local === 'include') load(child, path, document.targetNamespace);
      if (child.local === 'import' && attribute(child, 'schemaLocation') !== undefined)
        load(child, path, undefined);
      if (child.local === 'redefine' || child.local === 'override') {
        stop('unsupported-construct', `<${child.name}> is not supported`, child.position);
      }
    }
  };

  const load = (reference: XmlElement, from: string, inherited: string | undefined): void => {
    const location = attribute(reference, 'schemaLocation');
    if (location === undefined || location === '') {
      stop('missing-location', `<${reference.name}> has no schemaLocation`, reference.position);
    }
    if (/^[a-z][a-z0-9+.-]*:/i.test(location) || isAbsolute(location)) {
      stop(
        'remote-schema',
        `schemaLocation "${location}" is not a relative path; save the file next to the WSDL and refer to that`,
        reference.position,
      );
    }
    const path = resolve(dirname(from), location);
    // A schema without a namespace takes that of each schema that includes it, so both make up its identity.
    const namespaces = loaded.get(path) ?? new Set<string>();
    loaded.set(path, namespaces);
    if (namespaces.has(inherited ?? '')) return;
    namespaces.add(inherited ?? '');
    const root = parseXml(readSource(path, location, readFile, reference.position), displayPath(path));
    if (root.uri !== XSD || root.local !== 'schema') {
      stop('not-schema', `the root element is <${root.name}>, not an XML Schema`, root.position);
    }
    const declared = attribute(root, 'targetNamespace');
    if (inherited !== undefined && declared !== undefined && declared !== inherited) {
      stop(
        'namespace-mismatch',
        `an included schema has the namespace "${declared}", not "${inherited}"`,
        root.position,
      );
    }
    visit(root, path, inherited);
  };

  for (const child of definitions.children) {
    if (child.uri !== WSDL) continue;
    if (child.local === 'import') {
      stop('unsupported-construct', `<${child.name}> is not supported; use one WSDL file`, child.position);
    }
    if (child.local !== 'types') continue;
    for (const schema of child.children) {
      if (schema.uri === XSD && schema.local === 'schema') visit(schema, resolve(wsdlPath), undefined);
      else if (schema.local !== 'documentation') {
        stop(
          'unsupported-construct',
          `<${schema.name}> inside <${child.name}> is not an XML Schema`,
          schema.position,
        );
      }
    }
  }
  return { definitions, schemas };
}

/** @see {@link https://www.w3.org/TR/2004/REC-xmlschema-1-20041028/#element-schema | XML Schema 1.0, 3.15.2, the element schema} */
function toSchemaDocument(root: XmlElement, inherited: string | undefined): SchemaDocument {
  return {
    root,
    targetNamespace: attribute(root, 'targetNamespace') ?? inherited ?? '',
    elementQualified: attribute(root, 'elementFormDefault') === 'qualified',
    attributeQualified: attribute(root, 'attributeFormDefault') === 'qualified',
  };
}

function readSource(
  path: string,
  shown: string,
  readFile: ReadFile,
  from: SourcePosition | undefined,
): string {
  const position = from ?? { file: displayPath(path), line: 1, column: 1 };
  let text: string;
  try {
    text = readFile(path);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    const reason =
      code === 'ENOENT' ? 'no such file' : code === 'EISDIR' ? 'it is a folder' : String(code ?? error);
    stop('unreadable-file', `cannot read "${shown}": ${reason}`, position);
  }
  if (text.length > MAX_BYTES) stop('too-large', `"${shown}" is larger than ${MAX_BYTES} bytes`, position);
  return text;
}

function stop(code: string, message: string, position: SourcePosition): never {
  throw new CodegenError([{ code, message, position }]);
}
