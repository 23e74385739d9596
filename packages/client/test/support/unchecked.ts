/**
 * Passes a value that the compiler refuses or does not know: as programs in JavaScript can, and as tests of all operations do, whose
 * types TypeScript cannot follow.
 */
export function unchecked(value: unknown): never {
  // That is what it is for.
  return value as never;
}
