import { createContext, useContext } from 'react';
import type { InputIssue } from '../api/contract.ts';
import type { Definitions } from './form-field.ts';
import type { ValuePath } from './form-values.ts';

/** What the fields of a form share. */
export interface PayloadForm {
  readonly definitions: Definitions;
  /** Problems by the path of the value. */
  readonly issues: ReadonlyMap<string, readonly InputIssue[]>;
  set(path: ValuePath, value: unknown): void;
  /** Paths that were there when the form opened: they stay where they are while one edits. */
  wasThere(path: ValuePath): boolean;
}

export const PayloadFormContext = createContext<PayloadForm | undefined>(undefined);

export function usePayloadForm(): PayloadForm {
  const form = useContext(PayloadFormContext);
  if (form === undefined) throw new Error('usePayloadForm needs a PayloadFormContext');
  return form;
}
