import { existsSync } from 'node:fs';
import { posix } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../../../', import.meta.url));

/**
 * The links of a document of the repository made links of the site: those to packages and to documents. Other files of the
 * repository are not part of the site; links to them become plain text. Of pictures, only those of documents are part of it.
 *
 * @param folder - The folder of the document, from the root of the repository on: `packages/wire`.
 * @param packages - The names of the folders of packages that the site describes.
 */
export function repositoryLinks(markdown: string, folder: string, packages: ReadonlySet<string>): string {
  return markdown.replace(
    /!?\[([^\]]*)\]\((?!https?:|#|\/)([^)\s]+)\)/g,
    (whole: string, text: string, target: string) => {
      const [file = '', anchor] = target.split('#');
      const path = posix.join(folder, file);
      const [, picture] = /^docs\/([\w-]+\/[\w-]+\.webp)$/.exec(path) ?? [];
      if (whole.startsWith('!') && picture !== undefined) return `![${text}](/pictures/${picture})`;
      const link = pageOf(path.replace(/\/README\.md$|\/$/, ''), packages);
      return link === undefined ? text : `[${text}](${link}${anchor === undefined ? '' : `#${anchor}`})`;
    },
  );
}

function pageOf(path: string, packages: ReadonlySet<string>): string | undefined {
  const [, name] = /^packages\/([\w-]+)$/.exec(path) ?? [];
  if (name !== undefined) return packages.has(name) ? `/packages/${name}/` : undefined;
  const [, document] = /^docs\/([a-z][\w-]*)\.md$/.exec(path) ?? [];
  return document !== undefined && existsSync(`${ROOT}${path}`) ? `/reference/${document}/` : undefined;
}
