/** A test file and its text. */
export interface TestFile {
  readonly file: string;
  readonly text: string;
}

/**
 * The files whose code calls an operation: by its name as a string, as a method of a client, or as a key in a table of calls. A
 * title such as `describe('stopJob', …)` does not count.
 */
export function filesCalling(operation: string, tests: readonly TestFile[]): string[] {
  const patterns = [
    // call('stopJob', …), fault('stopJob', …), ['getX', 'setX']
    new RegExp(`(?<!\\b(?:describe|it|test)\\(\\s*)(['"\`])${operation}(?:Async)?\\1`),
    // client.stopJob(…), client.service.stopJob(…), $client->stopJob(…)
    new RegExp(`(?:\\.|->)${operation}(?:Async)?\\(`),
    // { stopJob: { … } }
    new RegExp(`^\\s*${operation}: [{(a]`, 'm'),
  ];
  return tests.filter(({ text }) => patterns.some((pattern) => pattern.test(text))).map(({ file }) => file);
}
