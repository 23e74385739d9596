import { dirname, resolve } from 'node:path';
import { attribute, parseXml, type XmlElement } from '../xml/parse-xml.js';
import { KNOWN_SCHEMAS, XML_NAMESPACE } from './known-schemas.js';
import { WSDL, XSD } from './namespaces.js';
import { type Sources, stop } from './read-source.js';

/** One `xsd:schema` element: inline in the WSDL, or the root of a file that it includes. */
export interface SchemaDocument {
  readonly root: XmlElement;
  readonly targetNamespace: string;
  readonly elementQualified: boolean;
  readonly attributeQualified: boolean;
}

/** A WSDL with all documents it imports or includes. */
export interface Documents {
  /** The WSDL itself, followed by the WSDLs it imports. */
  readonly definitions: readonly [XmlElement, ...XmlElement[]];
  readonly schemas: readonly SchemaDocument[];
  /** Locations of imported schemas that are not on disk, by namespace. Their definitions are missing. */
  readonly remote: ReadonlyMap<string, string>;
}

/**
 * Reads a WSDL from disk and follows the local WSDLs and schemas that it includes or imports. Nothing is
 * downloaded.
 *
 * @see {@link https://www.w3.org/TR/2001/NOTE-wsdl-20010315#_document-n | WSDL 1.1, 2.1.1 Document Naming and Linking}
 * @see {@link https://www.w3.org/TR/2001/NOTE-wsdl-20010315#_types | WSDL 1.1, 2.2 Types}
 * @see {@link https://www.w3.org/TR/2004/REC-xmlschema-1-20041028/#src-include | XML Schema 1.0, 4.2.1, Inclusion Constraints and Semantics}
 * @see {@link https://www.w3.org/TR/2004/REC-xmlschema-1-20041028/#src-import | XML Schema 1.0, 4.2.3, Import Constraints and Semantics}
 */
export function loadDocuments(wsdlPath: string, sources: Sources): Documents {
  const root = sources.read(wsdlPath, wsdlPath, undefined);
  if (root.uri !== WSDL || root.local !== 'definitions') {
    const advice =
      root.uri === 'http://www.w3.org/ns/wsdl'
        ? '; this is WSDL 2.0, so get the WSDL 1.1 of the service'
        : '';
    stop(
      'not-wsdl',
      `the root element is <${root.name}>, not a WSDL 1.1 <definitions>${advice}`,
      root.position,
    );
  }
  return new Loader(sources).load(root, resolve(wsdlPath));
}

class Loader {
  readonly #sources: Sources;
  readonly #imported: XmlElement[] = [];
  readonly #schemas: SchemaDocument[] = [];
  /** The namespaces in which each file was read. */
  readonly #loaded = new Map<string, Set<string>>();
  /**
   * The documents may contain such a schema, or not need it. Missing definitions are reported where they are
   * used.
   */
  readonly #remote = new Map<string, string>();

  /** The namespaces that schemas import. */
  readonly #wanted = new Set<string>();

  constructor(sources: Sources) {
    this.#sources = sources;
  }

  load(definitions: XmlElement, path: string): Documents {
    this.#loaded.set(path, new Set(['']));
    this.#visitDefinitions(definitions, path);
    for (const namespace of new Set([...this.#wanted, XML_NAMESPACE])) {
      const text = KNOWN_SCHEMAS.get(namespace);
      if (text === undefined || this.#schemas.some((s) => s.targetNamespace === namespace)) continue;
      this.#schemas.push(toSchemaDocument(parseXml(text, namespace), undefined));
    }
    return { definitions: [definitions, ...this.#imported], schemas: this.#schemas, remote: this.#remote };
  }

  #visitDefinitions(definitions: XmlElement, path: string): void {
    for (const child of definitions.children) {
      if (child.uri !== WSDL) continue;
      if (child.local === 'import') this.#importWsdl(child, path);
      if (child.local !== 'types') continue;
      for (const schema of child.children) {
        if (schema.uri === XSD && schema.local === 'schema') this.#visitSchema(schema, path, undefined);
        else if (schema.local !== 'documentation') this.#refuseInTypes(schema, child);
      }
    }
  }

  /**
   * A WSDL contributes its types, messages, bindings and services. Some documents also import plain schemas
   * this way.
   */
  #importWsdl(reference: XmlElement, from: string): void {
    const location = attribute(reference, 'location');
    if (location === undefined || location === '')
      stop('missing-location', `<${reference.name}> has no location`, reference.position);
    const path = this.#sources.find(location, dirname(from));
    if (path === undefined) this.#refuseRemote(reference, location);
    if (this.#isLoaded(path, '')) return;
    const root = this.#sources.read(path, location, reference.position);
    if (root.uri === XSD && root.local === 'schema') this.#visitSchema(root, path, undefined);
    else if (root.uri === WSDL && root.local === 'definitions') {
      this.#imported.push(root);
      this.#visitDefinitions(root, path);
    } else {
      stop('not-wsdl', `the root element is <${root.name}>, neither a WSDL nor an XML Schema`, root.position);
    }
  }

  #visitSchema(root: XmlElement, path: string, inherited: string | undefined): void {
    const document = toSchemaDocument(root, inherited);
    this.#schemas.push(document);
    for (const child of root.children) {
      if (child.uri !== XSD) continue;
      if (child.local === 'import') this.#wanted.add(attribute(child, 'namespace') ?? '');
      if (child.local === 'include') this.#loadSchema(child, path, document.targetNamespace);
      if (child.local === 'import' && attribute(child, 'schemaLocation') !== undefined)
        this.#loadSchema(child, path, undefined);
      if (child.local === 'redefine' || child.local === 'override') {
        stop(
          'unsupported-construct',
          `<${child.name}> is not supported; apply the changes to a copy of the schema and include the copy`,
          child.position,
        );
      }
    }
  }

  #loadSchema(reference: XmlElement, from: string, inherited: string | undefined): void {
    const location = attribute(reference, 'schemaLocation')?.trim();
    if (location === undefined || location === '')
      stop('missing-location', `<${reference.name}> has no schemaLocation`, reference.position);
    const path = this.#sources.find(location, dirname(from));
    if (path === undefined) {
      if (inherited !== undefined) this.#refuseRemote(reference, location);
      this.#remote.set(attribute(reference, 'namespace') ?? '', location);
      return;
    }
    if (this.#isLoaded(path, inherited ?? '')) return;
    const root = this.#sources.read(path, location, reference.position, inherited);
    // Some services put a WSDL's schemas next to its messages, and import them from there.
    if (inherited === undefined && root.uri === WSDL && root.local === 'definitions') {
      this.#visitDefinitions(root, path);
      return;
    }
    if (root.uri !== XSD || root.local !== 'schema')
      stop('not-schema', `the root element is <${root.name}>, not an XML Schema`, root.position);
    const declared = attribute(root, 'targetNamespace');
    if (inherited !== undefined && declared !== undefined && declared !== inherited) {
      stop(
        'namespace-mismatch',
        `the included schema has the namespace "${declared}"; expected "${inherited}"`,
        root.position,
      );
    }
    this.#visitSchema(root, path, inherited);
  }

  /**
   * A schema without a namespace takes the namespace of each schema that includes it, so file and namespace
   * identify it.
   */
  #isLoaded(path: string, namespace: string): boolean {
    const namespaces = this.#loaded.get(path) ?? new Set<string>();
    this.#loaded.set(path, namespaces);
    if (namespaces.has(namespace)) return true;
    namespaces.add(namespace);
    return false;
  }

  #refuseRemote(reference: XmlElement, location: string): never {
    const what = reference.uri === WSDL ? 'location' : 'schemaLocation';
    stop(
      'remote-schema',
      `${what} "${location}" is not a relative path, and nothing is downloaded; save the file and give --resolve ${location}=FILE`,
      reference.position,
    );
  }

  #refuseInTypes(element: XmlElement, types: XmlElement): never {
    const draft = element.local === 'schema' && /\/(?:1999|2000\/10)\/XMLSchema$/.test(element.uri);
    const advice = draft ? `; its namespace is from a draft, so change it to ${XSD}` : '';
    stop(
      'unsupported-construct',
      `<${element.name}> inside <${types.name}> is not an XML Schema${advice}`,
      element.position,
    );
  }
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
