import { readUntrustedXml } from '../../untrusted-xml.js';

/** A document of the service. */
export interface S3Document {
  /** The name of its root element. */
  readonly root: string;
  /**
   * The texts of all elements without elements, by the path of their names below the root: `Contents/Key`. An element that repeats has a
   * text for each time.
   */
  readonly texts: ReadonlyMap<string, readonly string[]>;
}

/** Reads a document of the service; `undefined` if it is not XML. */
export function readS3Document(document: string): S3Document | undefined {
  const texts = new Map<string, string[]>();
  const path: string[] = [];
  let root = '';
  let text = '';
  let isLeaf = false;
  const problem = readUntrustedXml(document, {
    begin: ({ local }) => {
      if (path.length === 0) root = local;
      path.push(local);
      text = '';
      isLeaf = true;
    },
    text: (more) => {
      text += more;
    },
    end: () => {
      if (isLeaf && path.length > 1) {
        const name = path.slice(1).join('/');
        const known = texts.get(name);
        if (known === undefined) texts.set(name, [text]);
        else known.push(text);
      }
      isLeaf = false;
      path.pop();
    },
  });
  return problem === undefined ? { root, texts } : undefined;
}
