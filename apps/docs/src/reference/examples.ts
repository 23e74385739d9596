import { type Described, describeOperation, describeType } from './contract-model.ts';
import { exampleValue } from './example-value.ts';
import { requestXml, responseXml, typeXml } from './example-xml.ts';
import { recordedValue } from './job-story.ts';

/** One call of an operation, with what travels. */
export interface OperationExample {
  readonly title: string;
  readonly input: object;
  readonly output: object;
  readonly requestXml: string;
  readonly responseXml: string;
}

/** The overlay's examples of an operation; where it has none, one made from what is known of the fields. */
export function operationExamples(name: string): OperationExample[] {
  const { doc, request, response } = describeOperation(name);
  const written = doc.examples ?? [{ title: 'An example', input: exampleValue(request, 'request') }];
  return written.map(({ title, input, output }) => {
    const answer = (output ?? answerOf(response)) as object;
    return {
      title,
      input: input as object,
      output: answer,
      requestXml: requestXml(name, input as object),
      responseXml: responseXml(name, answer),
    };
  });
}

function answerOf(response: Described | undefined): unknown {
  return response === undefined ? {} : exampleValue(response, 'full');
}

/** A value of a type, and the element that it is in a message. */
export function typeExample(name: string): { readonly value: unknown; readonly xml: string } {
  const value = recordedValue(name) ?? exampleValue(describeType(name), 'full');
  return { value, xml: typeXml(name, value) };
}
