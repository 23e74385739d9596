import type { PermissionsAnswer, PermittedGroup } from '../src/api/contract.ts';
import { HOSTILE } from './mock-assets.ts';

const ROOT = 'MyCompany/';

/** What a role that may not read groups gets. */
export const REFUSED: PermissionsAnswer = {
  isRefused: true,
  source: 'none',
  groups: [],
  hasGroups: false,
  shell: [],
};

type Word = 'allowed' | 'denied' | 'default' | 'above' | 'missing';

function group(index: number, name: string, ...words: readonly Word[]): PermittedGroup {
  return {
    groupHandle: `g|${index}`,
    name,
    rights: (['Read', 'Write', 'Delete'] as const).map((right, at) => {
      const word = words[at] ?? 'missing';
      const reason = word === 'allowed' || word === 'denied' ? 'override' : word;
      const isAllowed = word !== 'denied' && word !== 'missing';
      return { right, isAllowed, reason, ...(word === 'above' ? { from: ROOT } : {}) };
    }),
  };
}

/** An asset and the root have their own set, the folder Bags follows, and Print is closed. */
export function mockPermissions(
  query: URLSearchParams,
  isEmpty: boolean,
  isHostile: boolean,
): PermissionsAnswer {
  const folder = query.get('folder') ?? ROOT;
  const target = query.get('asset') ?? folder;
  const show = `ips permission show '${target}'`;
  const base = { isRefused: false, hasGroups: true } as const;
  if (isEmpty) return { ...base, source: 'none', groups: [], hasGroups: false, shell: [show] };
  if (folder.endsWith('/Print/'))
    return { ...base, source: 'own', groups: [], shell: [show, `ips permission set ${folder} --none`] };
  const name = isHostile
    ? `${HOSTILE} ${'AVeryLongNameWithoutASpace'.repeat(6)}`
    : 'Agencies of the spring campaign';
  const from = isHostile ? `${ROOT}${HOSTILE.replaceAll('/', '')}/` : ROOT;
  return {
    ...base,
    source: query.has('asset') || folder === ROOT ? 'own' : 'folder',
    ...(query.has('asset') || folder === ROOT ? {} : { from }),
    groups: [
      group(1, 'Download', 'allowed'),
      // Nothing is above the root.
      group(2, 'Upload', 'allowed', target === ROOT ? 'default' : 'above', 'denied'),
      group(3, name, 'default', 'denied'),
      ...(isHostile
        ? Array.from({ length: 20 }, (_, index) => group(index + 4, `Store ${index}`, 'allowed'))
        : []),
    ],
    shell: [
      show,
      `ips permission set '${target}' --allow Download=Read --allow Upload=Read --deny Upload=Delete`,
      `ips permission set '${target}' --merge --no-override --allow Upload=Write`,
    ],
  };
}
