import { type FaultReason, faultKind, IpsFault, type ReceivedFault } from '../errors.js';
import type { Decoded } from './decoded.js';
import { child, type GenericElement, newElement, plainValue, textOf } from './generic-element.js';

/** Information about a response outside its document, for use in a fault. */
export interface FaultContext {
  /** HTTP status of the response. */
  readonly httpStatus?: number | undefined;
  /** The delay before the next attempt that the response requests, in milliseconds. */
  readonly retryAfter?: number | undefined;
  /** Language of the caller, such as `de-DE`, for the reason of a fault that has none in English. */
  readonly language?: string | undefined;
}

/** Throws the fault of a document, if it is one. */
export function throwFault(decoded: Decoded, operation: string | undefined, context: FaultContext): void {
  const fault = faultOf(decoded, context.language);
  const { httpStatus, retryAfter } = context;
  if (fault !== undefined) throw new IpsFault({ ...fault, operation, httpStatus, retryAfter });
}

function faultOf({ bareFault, fault }: Decoded, language: string | undefined): ReceivedFault | undefined {
  if (bareFault !== undefined) {
    const { kind, element } = bareFault;
    const detail = restOf({ ...newElement('detail', ''), children: [element] }, element);
    return { kind, ...serviceFaultOf(element), detail };
  }
  return fault && soapFaultOf(fault, language);
}

function soapFaultOf(fault: GenericElement, language: string | undefined): ReceivedFault {
  // SOAP 1.1 and 1.2 use different element names.
  const faultCode = textOf(child(fault, 'faultcode')) ?? textOf(child(child(fault, 'Code'), 'Value'));
  const reasons = reasonsOf(fault);
  const faultString = inLanguage(reasons, language)?.text;
  const actor = textOf(child(fault, 'faultactor')) ?? textOf(child(fault, 'Role'));
  const detail = child(fault, 'detail') ?? child(fault, 'Detail');
  const own = detail?.children.find(({ local }) => faultKind(local) !== undefined);
  const more = { faultCode, faultString, reasons, actor, detail: detail && restOf(detail, own) };
  const kind = own && faultKind(own.local);
  if (own !== undefined && kind !== undefined) {
    const { code, rawCode, reason } = serviceFaultOf(own);
    return { kind, code, rawCode, reason: reason || (faultString ?? ''), ...more };
  }
  return { kind: 'soap', reason: faultString ?? faultCode ?? 'the service returned a fault', ...more };
}

/** The content of the service's own element. */
function serviceFaultOf(own: GenericElement): Pick<ReceivedFault, 'code' | 'rawCode' | 'reason'> {
  const code = textOf(child(own, 'code')) ?? '';
  const isNumber = /^\d{1,9}$/.test(code);
  return {
    code: isNumber ? Number(code) : undefined,
    rawCode: isNumber || code === '' ? undefined : code,
    reason: textOf(child(own, 'reason')) ?? '',
  };
}

function reasonsOf(fault: GenericElement): FaultReason[] {
  const elements = [
    ...fault.children.filter(({ local }) => local === 'faultstring'),
    ...(child(fault, 'Reason')?.children.filter(({ local }) => local === 'Text') ?? []),
  ];
  return elements.map((element) => ({ text: element.text.trim(), language: element.lang }));
}

/** English first, then the language of the caller, then the first text. */
function inLanguage(reasons: readonly FaultReason[], language: string | undefined): FaultReason | undefined {
  const find = (wanted: string): FaultReason | undefined =>
    reasons.find((reason) => primary(reason.language) === primary(wanted));
  return find('en') ?? (language === undefined ? undefined : find(language)) ?? reasons[0];
}

function primary(language: string | undefined): string | undefined {
  return language?.split(/[-_]/)[0]?.toLowerCase();
}

/** The content of a detail without the code and reason in the service's own element; `undefined` if nothing remains. */
function restOf(detail: GenericElement, own: GenericElement | undefined): unknown {
  const children = detail.children.flatMap((element) => {
    if (element !== own) return [element];
    const known = [child(element, 'code'), child(element, 'reason')];
    const more = element.children.filter((one) => !known.includes(one));
    return more.length === 0 && element.text.trim() === '' ? [] : [{ ...element, children: more }];
  });
  const text = detail.text.trim();
  if (children.length === 0) return text === '' ? undefined : text;
  return plainValue({ ...detail, children });
}
