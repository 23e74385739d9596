import type { TestChaos } from '../api/contract.ts';

/** The fields of the form, as they were typed. */
export interface ChaosDraft {
  readonly latency: string;
  /** Percent. */
  readonly fault: string;
  readonly drop: string;
  readonly truncate: string;
  readonly faultWithOk: boolean;
  /** Names, separated by spaces or commas; empty for all. */
  readonly operations: string;
  readonly seed: string;
}

export const CALM: ChaosDraft = {
  latency: '',
  fault: '',
  drop: '',
  truncate: '',
  faultWithOk: false,
  operations: '',
  seed: '',
};

export function draftOf(chaos: TestChaos): ChaosDraft {
  const percent = (share: number | undefined): string =>
    share === undefined ? '' : String(Math.round(share * 1e6) / 1e4);
  return {
    latency: chaos.latency === undefined ? '' : String(chaos.latency),
    fault: percent(chaos.fault),
    drop: percent(chaos.drop),
    truncate: percent(chaos.truncate),
    faultWithOk: chaos.faultWithOk === true,
    operations: chaos.operations?.join(' ') ?? '',
    seed: chaos.seed === undefined ? '' : String(chaos.seed),
  };
}

/** What a form asks for, and what is wrong with its fields. */
export function chaosOf(draft: ChaosDraft): {
  readonly chaos: TestChaos;
  readonly problems: Readonly<Partial<Record<keyof ChaosDraft, string>>>;
} {
  const problems: Partial<Record<keyof ChaosDraft, string>> = {};
  const number = (
    name: 'latency' | 'fault' | 'drop' | 'truncate' | 'seed',
    most: number,
    expected: string,
  ) => {
    const text = draft[name].trim();
    if (text === '') return undefined;
    const value = Number(text);
    if (Number.isFinite(value) && value >= 0 && value <= most) return value;
    problems[name] = `expected ${expected}, found ${text}`;
    return undefined;
  };
  const share = (name: 'fault' | 'drop' | 'truncate'): number | undefined => {
    const percent = number(name, 100, 'a number from 0 to 100');
    return percent === undefined || percent === 0 ? undefined : percent / 100;
  };
  const latency = number('latency', 600_000, 'milliseconds up to 600000');
  const seed = number('seed', Number.MAX_SAFE_INTEGER, 'a whole number');
  if (seed !== undefined && !Number.isInteger(seed))
    problems.seed = `expected a whole number, found ${draft.seed.trim()}`;
  const operations = draft.operations.split(/[\s,]+/).filter((name) => name !== '');
  const [fault, drop, truncate] = [share('fault'), share('drop'), share('truncate')];
  return {
    chaos: {
      ...(latency === undefined || latency === 0 ? {} : { latency }),
      ...(fault === undefined ? {} : { fault }),
      ...(drop === undefined ? {} : { drop }),
      ...(truncate === undefined ? {} : { truncate }),
      ...(draft.faultWithOk ? { faultWithOk: true } : {}),
      ...(operations.length === 0 ? {} : { operations }),
      ...(seed === undefined ? {} : { seed }),
    },
    problems,
  };
}
