import type { Operations } from '@ips-sdk/types';

/** The input of an operation, without the company if the client has one. */
export type ClientInput<Name extends keyof Operations> = InputWithoutCompany<Operations[Name]['input']>;

/**
 * An input with an optional company. It distributes over unions, so fields that exclude each other still do.
 */
export type InputWithoutCompany<Input> = Input extends { companyHandle: string }
  ? CompanyOptional<Input>
  : Input;

/** A type with an optional company. Editors show this name instead of the expanded type. */
export type CompanyOptional<Input extends { companyHandle: string }> = Omit<Input, 'companyHandle'> & {
  readonly companyHandle?: string | undefined;
};
