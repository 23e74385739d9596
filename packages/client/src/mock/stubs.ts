import { nearest } from '@ips-sdk/types/nearest';
import { IpsFault, type OperationTypes } from '@ips-sdk/wire';
import { MockError } from './mock-error.js';
import type { MockAnswer, MockCall, MockHandler, MockOperations, MockStub } from './mock-types.js';

/** The answers of one operation, and how many of its calls were answered. */
interface Sequence {
  readonly answers: readonly unknown[];
  used: number;
}

/** The stubs of a mock by operation, and the calls that it received. */
export class Stubs<Types extends OperationTypes<Types>> {
  readonly #names: readonly string[];
  readonly #initial: MockOperations<Types>;
  readonly #sequences = new Map<string, Sequence>();
  #calls: MockCall<Types>[] = [];

  /**
   * @param names - The operations of the contract.
   * @throws RangeError when a stub's name is not an operation.
   */
  constructor(names: readonly string[], operations: MockOperations<Types>) {
    this.#names = names;
    this.#initial = operations;
    this.reset();
  }

  /** Restores the first stubs and forgets all calls. */
  reset(): void {
    this.#calls = [];
    this.#sequences.clear();
    for (const [name, given] of Object.entries(this.#initial)) {
      this.#check(name);
      if (given !== undefined)
        this.#sequences.set(name, { answers: Array.isArray(given) ? given : [given], used: 0 });
    }
  }

  on<Name extends keyof Types & string>(operation: Name): MockStub<Types, Name> {
    this.#check(operation);
    return {
      answers: (...answers: readonly MockAnswer<Types, Name>[]) => {
        if (answers.length === 0)
          throw new RangeError(`${operation}: expected at least one answer, found none`);
        this.#sequences.set(operation, { answers, used: 0 });
      },
    };
  }

  calls(operation: string | undefined): readonly MockCall<Types>[] {
    if (operation === undefined) return [...this.#calls];
    this.#check(operation);
    return this.#calls.filter((call) => call.operation === operation);
  }

  /** Records a call and returns what its stub answers. */
  async answer(call: MockCall<Types>): Promise<unknown> {
    this.#calls.push(call);
    const operation = String(call.operation);
    const sequence = this.#sequences.get(operation);
    if (sequence === undefined || sequence.answers.length === 0) throw this.#unstubbed(operation);
    const answer = sequence.answers[Math.min(sequence.used, sequence.answers.length - 1)];
    sequence.used += 1;
    if (typeof answer !== 'function') return answer;
    try {
      // The types of `operations` and `on` accept no other functions.
      return await (answer as MockHandler<Types>)(call.input, call);
    } catch (error) {
      if (error instanceof IpsFault) return error;
      throw error;
    }
  }

  #unstubbed(operation: string): MockError {
    const stubbed = [...this.#sequences.keys()].filter((name) => this.#sequences.get(name)?.answers.length);
    const list = stubbed.length === 0 ? 'no operation is stubbed' : `stubbed: ${stubbed.sort().join(', ')}`;
    return new MockError('no-stub', `${operation} was called, but has no stub; ${list}`, { operation });
  }

  #check(name: string): void {
    if (this.#names.includes(name)) return;
    const meant = nearest(name, [...this.#names]);
    throw new RangeError(
      `operations: the contract has no operation ${JSON.stringify(name)}${meant === undefined ? '' : `; did you mean ${meant}?`}`,
    );
  }
}
