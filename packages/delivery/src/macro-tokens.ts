import { DeliveryError } from './delivery-error.js';
import { effectMacros } from './effect-macros.js';
import type { FindMacro, RequestLimits } from './parse-options.js';
import { type Token, tokensOf } from './request-text.js';

/** What was read so far of a request, to keep it within its limits. */
export interface Budget {
  readonly limits: RequestLimits;
  length: number;
  commands: number;
}

/** Counts characters of a request. */
export function spendLength(budget: Budget, length: number): void {
  budget.length += length;
  const { limits } = budget;
  if (budget.length > limits.length)
    throw new DeliveryError('the request', `${budget.length} characters`, `at most ${limits.length}`);
}

/**
 * The parts of a request, with macros replaced where they are. A macro that is unknown remains as a part.
 *
 * @throws DeliveryError when the request exceeds its limits.
 */
export function* macroTokens(
  text: string,
  find: FindMacro | undefined,
  budget: Budget,
  within: readonly string[] = [],
): Generator<Token> {
  spendLength(budget, text.length);
  const { limits } = budget;
  for (const token of tokensOf(text)) {
    budget.commands += 1;
    if (budget.commands > limits.commands)
      throw new DeliveryError('the request', `${budget.commands} commands`, `at most ${limits.commands}`);
    const macro =
      token.value === undefined ? /^\$([\w.-]+)\$$/.exec(token.name)?.[1]?.toLowerCase() : undefined;
    const commands = macro === undefined ? undefined : (find?.(macro, within) ?? builtIn(macro));
    if (macro === undefined || commands === undefined) {
      yield token;
      continue;
    }
    if (within.length >= limits.depth)
      throw new DeliveryError(
        token.name,
        `${within.length + 1} macros within each other`,
        `at most ${limits.depth}`,
      );
    yield* macroTokens(commands, find, budget, [...within, macro]);
  }
}

const builtIn = (name: string): string | undefined =>
  Object.hasOwn(effectMacros, name) ? effectMacros[name] : undefined;

/** The name of the variable that a part defines, in lower case; `undefined` for other parts. */
export function definedBy({ name, value }: Token): string | undefined {
  return value === undefined ? undefined : /^\$([\w.-]+)$/.exec(name)?.[1]?.toLowerCase();
}

/** Puts variables into a value. What they contain is not searched for others. */
export const withVariables = (text: string, variables: ReadonlyMap<string, string>): string =>
  text.includes('$')
    ? text.replaceAll(/\$([\w.-]+)\$/g, (whole, name: string) => variables.get(name.toLowerCase()) ?? whole)
    : text;
