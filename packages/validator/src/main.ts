/**
 * Validators for the types and messages of the IPS API, compiled ahead of time.
 *
 * @packageDocumentation
 */
export type { Issue, IssueCode, Mode, ValidateOptions, ValidationResult } from './issue.js';
export type { StandardIssue, StandardResult, StandardSchema } from './standard-schema.js';
export { type NamedType, type SchemaName, validate, validator } from './validate.js';
export type { Validator } from './validator.js';
