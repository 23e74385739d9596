/**
 * Validators for the types and messages of the IPS API, compiled ahead of time.
 *
 * @packageDocumentation
 */
export type { Issue, IssueCode, Mode, ValidateOptions, ValidationResult } from './issue.js';
export { type SchemaName, validate } from './validate.js';
