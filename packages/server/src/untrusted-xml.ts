import { SaxesParser } from 'saxes';

/** Most levels of elements in each other. The parser looks through all of them for the namespace of a name. */
const MAX_DEPTH = 100;

/** Most attributes of an element. */
const MAX_ATTRIBUTES = 1000;

/** An element that begins. Names are resolved by namespace. */
export interface UntrustedTag {
  readonly uri: string;
  readonly prefix: string;
  readonly local: string;
  readonly attributes: Readonly<
    Record<
      string,
      { readonly uri: string; readonly prefix: string; readonly local: string; readonly value: string }
    >
  >;
}

/** What is done with the parts of a document. */
export interface UntrustedXmlParts {
  readonly begin?: (tag: UntrustedTag) => void;
  readonly end?: (tag: Pick<UntrustedTag, 'uri' | 'local'>) => void;
  /** Text, also in CDATA sections. It may come in pieces. */
  readonly text?: (text: string) => void;
}

/** Ends the parsing of a document at its first problem. */
class StopReading extends Error {
  override readonly name = 'StopReading';
}

/**
 * Reads an XML document of a stranger, up to its first problem.
 *
 * @returns The problem: that it is not well-formed, has a DOCTYPE, or has more levels or attributes than documents need; `undefined` for none.
 */
export function readUntrustedXml(
  document: string,
  parts: UntrustedXmlParts,
  options: { readonly fragment?: boolean } = {},
): string | undefined {
  const stop = (problem: string): never => {
    throw new StopReading(problem);
  };
  let depth = 0;
  let attributes = 0;
  const parser = new SaxesParser({ xmlns: true, fragment: options.fragment ?? false });
  parser.on('error', ({ message }) => stop(message));
  parser.on('doctype', () => stop('it has a DOCTYPE'));
  parser.on('opentagstart', () => {
    depth += 1;
    attributes = 0;
    if (depth > MAX_DEPTH) stop(`it has more than ${MAX_DEPTH} levels`);
  });
  parser.on('attribute', () => {
    attributes += 1;
    if (attributes > MAX_ATTRIBUTES) stop(`an element has more than ${MAX_ATTRIBUTES} attributes`);
  });
  parser.on('opentag', (tag) => parts.begin?.(tag));
  parser.on('text', (text) => parts.text?.(text));
  parser.on('cdata', (text) => parts.text?.(text));
  parser.on('closetag', (tag) => {
    parts.end?.(tag);
    depth -= 1;
  });
  try {
    parser.write(document.replace(/^\ufeff/, '')).close();
  } catch (error) {
    if (error instanceof StopReading) return error.message;
    throw error;
  }
  return undefined;
}
