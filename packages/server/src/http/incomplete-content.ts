import { codec } from '@ips-sdk/wire';
import { invalidRequestXml, ruleBroken } from '../faults.js';
import type { ContentFor } from './traffic/raw-answer.js';

/** Paths that answer with XML, and how a fault is written there. */
const DIALECTS: readonly (readonly [path: string, dialect: 'soap' | 'plain'])[] = [
  ['/scene7/services/IpsApiService', 'soap'],
  ['/scene7/api/IpsApiService', 'plain'],
  ['/scene7/UploadFile', 'plain'],
];

/**
 * What a client gets for a request that never becomes complete: a fault where its path answers with faults, and otherwise text. A
 * request without valid headers has no path.
 */
export const incompleteContent: ContentFor = (url, status, message) => {
  const path = url?.split('?')[0]?.replace(/\/$/, '');
  const [, dialect] = DIALECTS.find(([each]) => each === path) ?? [];
  if (dialect === undefined) return { mediaType: 'text/plain; charset=utf-8', text: `${message}\n` };
  const { kind, code, reason } = status >= 500 ? ruleBroken(message) : invalidRequestXml(message);
  return {
    mediaType: 'text/xml;charset=utf-8',
    text: codec.encodeFault({ kind, code, reason }, { dialect }),
  };
};
