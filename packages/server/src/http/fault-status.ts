/** Answers with these have no body, but a fault is one. */
const WITHOUT_BODY: readonly number[] = [204, 205, 304];

/** The HTTP status of a fault: what the request's header asks for in `faultHttpStatusCode` where that is possible, else 500. */
export function faultStatusOf(header: Readonly<Record<string, unknown>> | undefined): number {
  const status = header?.['faultHttpStatusCode'];
  const possible = typeof status === 'number' && status >= 200 && status <= 599;
  return possible && !WITHOUT_BODY.includes(status) ? status : 500;
}
