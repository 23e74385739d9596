export { annotate } from './annotate/annotate.js';
export type {
  AnnotatedContract,
  AnnotatedField,
  AnnotatedMessage,
  AnnotatedOperation,
  AnnotatedType,
} from './annotate/annotated.js';
export { CodegenError, type Diagnostic, formatDiagnostic, type SourcePosition } from './diagnostic.js';
export { type Bump, type ContractChange, type ContractDiff, diffContracts } from './diff/diff-contracts.js';
export { formatDiff } from './diff/format-diff.js';
export { emitSchemaSource } from './emit/emit-schema-source.js';
export type { GeneratedFile } from './emit/generated-file.js';
export { type BaseInput, type Generated, type GenerateInput, generate } from './generate.js';
export * from './model.js';
export { compareOutput, type WriteResult, writeOutput } from './output.js';
export type * from './overlay/overlay.js';
export { readOverlay } from './overlay/read-overlay.js';
export { type PrimitiveInfo, primitiveInfo, type XsdPrimitive } from './wsdl/primitives.js';
export type { ReadFile } from './wsdl/read-source.js';
export { type ReadWsdlOptions, readWsdl } from './wsdl/read-wsdl.js';
