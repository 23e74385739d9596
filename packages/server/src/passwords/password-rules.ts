import { randomInt } from 'node:crypto';

/** The longest password, in UTF-16 code units. Longer ones are never right. */
export const MAX_PASSWORD = 1024;

const LETTERS = ['abcdefghijkmnpqrstuvwxyz', 'ABCDEFGHJKLMNPQRSTUVWXYZ', '23456789', '#$%+-=?@_'] as const;

/** A random password of 12 characters, at least one of each class. */
export function generatePassword(): string {
  const all = LETTERS.join('');
  const pick = (from: string): string => from[randomInt(from.length)] ?? '';
  const characters = [...LETTERS.map(pick), ...Array.from({ length: 8 }, () => pick(all))];
  for (let index = characters.length - 1; index > 0; index -= 1) {
    const other = randomInt(index + 1);
    [characters[index], characters[other]] = [characters[other] ?? '', characters[index] ?? ''];
  }
  return characters.join('');
}

/** What is wrong with a new password; `undefined` when nothing is. */
export function passwordProblem(password: string): string | undefined {
  if (password.length < 8) return 'at least 8 characters';
  if (password.length > MAX_PASSWORD) return `at most ${MAX_PASSWORD} characters`;
  const classes = [/[a-z]/, /[A-Z]/, /\d/, /[^A-Za-z\d]/].filter((pattern) => pattern.test(password)).length;
  return classes < 2 ? 'characters of at least two kinds: lower case, upper case, digits, others' : undefined;
}
