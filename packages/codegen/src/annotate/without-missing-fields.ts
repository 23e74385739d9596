import type { Field } from '../model.js';
import type { Rule } from '../overlay/overlay.js';
import type { AnnotatedContract, AnnotatedMessage } from './annotated.js';

/** Removes fields that this version lacks or requires from the rules of another version. */
export function withoutMissingFields(annotated: AnnotatedContract): AnnotatedContract {
  return {
    ...annotated,
    types: annotated.types.map((type) => ({
      ...type,
      rules: fitting(
        type.rules,
        type.fields.map(({ field }) => field),
      ),
    })),
    operations: annotated.operations.map((operation) => ({
      ...operation,
      input: fittingMessage(operation.input),
      output: operation.output && fittingMessage(operation.output),
    })),
  };
}

function fittingMessage(message: AnnotatedMessage): AnnotatedMessage {
  return { ...message, rules: fitting(message.rules, message.element.fields) };
}

function fitting(rules: readonly Rule[], fields: readonly Field[]): Rule[] {
  const optional = new Set(fields.filter(({ min }) => min === 0).map(({ name }) => name));
  return rules
    .map((rule) => ({ ...rule, fields: rule.fields.filter((name) => optional.has(name)) }))
    .filter((rule) => rule.fields.length > 1);
}
