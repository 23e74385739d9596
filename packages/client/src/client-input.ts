import type { Operations } from '@ips-sdk/types';

/** The input of an operation for a client: the company may be left out where the client has one. */
export type ClientInput<Name extends keyof Operations> = WithCompanyOptional<Operations[Name]['input']>;

/** Each member of a union for itself, so that what excludes what stays known. */
type WithCompanyOptional<Input> = Input extends { companyHandle: string }
  ? Omit<Input, 'companyHandle'> & { readonly companyHandle?: string | undefined }
  : Input;
