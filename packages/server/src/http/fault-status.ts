/** Responses with these statuses have no body, but a fault needs a body. */
const WITHOUT_BODY: readonly number[] = [204, 205, 304];

/** The HTTP status of a fault: `faultHttpStatusCode` of the request header if that is possible, otherwise 500. */
export function faultStatusOf(header: Readonly<Record<string, unknown>> | undefined): number {
  const status = header?.['faultHttpStatusCode'];
  const possible = typeof status === 'number' && status >= 200 && status <= 599;
  return possible && !WITHOUT_BODY.includes(status) ? status : 500;
}
