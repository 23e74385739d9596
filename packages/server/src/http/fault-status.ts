/** Answers with these have no body, and a fault is one. */
const WITHOUT_BODY: readonly number[] = [204, 205, 304];

/** The HTTP status of faults: the one that a request's header asks for in `faultHttpStatusCode`, 500 unless it can be. */
export function faultStatusOf(header: Readonly<Record<string, unknown>> | undefined): number {
  const status = header?.['faultHttpStatusCode'];
  const possible = typeof status === 'number' && status >= 200 && status <= 599;
  return possible && !WITHOUT_BODY.includes(status) ? status : 500;
}
