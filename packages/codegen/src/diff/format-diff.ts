import type { ContractChange, ContractDiff } from './diff-contracts.js';

const SIGN = { added: '+', removed: '-', changed: '~' } as const;
const TITLES: Record<ContractChange['kind'], string> = {
  service: 'Service',
  operation: 'Operations',
  message: 'Messages',
  type: 'Types',
  field: 'Fields',
};

/** Formats a diff: grouped by kind, one change per line, with breaking changes marked. */
export function formatDiff(diff: ContractDiff): string {
  if (diff.changes.length === 0) return `${diff.from} and ${diff.to} are the same contract.\n`;
  const lines = [`${diff.from} -> ${diff.to}`, ''];
  for (const [kind, title] of Object.entries(TITLES)) {
    const changes = diff.changes.filter((c) => c.kind === kind);
    if (changes.length === 0) continue;
    lines.push(`${title} (${changes.length})`);
    for (const change of changes) {
      const mark = change.breaking ? 'BREAKING ' : '';
      lines.push(`  ${SIGN[change.change]} ${change.name}: ${mark}${change.detail}`);
    }
    lines.push('');
  }
  const count = (what: ContractChange['change']): number =>
    diff.changes.filter((c) => c.change === what).length;
  const breaking = diff.changes.filter((c) => c.breaking).length;
  lines.push(
    `${count('added')} added, ${count('removed')} removed, ${count('changed')} changed; ${breaking} breaking. Semver: ${diff.bump}.`,
  );
  return `${lines.join('\n')}\n`;
}
