import type { Operations } from '@ips-sdk/types';

/** The input of an operation as a client takes it: the company may be left out where the client has one. */
export type ClientInput<Name extends keyof Operations> = InputWithoutCompany<Operations[Name]['input']>;

/**
 * An input whose company may be left out. It distributes over the members of a union, so that fields that exclude each other still do.
 */
export type InputWithoutCompany<Input> = Input extends { companyHandle: string }
  ? CompanyOptional<Input>
  : Input;

/** A type whose company may be left out. It has a name of its own so that editors show that instead of what it stands for. */
export type CompanyOptional<Input extends { companyHandle: string }> = Omit<Input, 'companyHandle'> & {
  readonly companyHandle?: string | undefined;
};
