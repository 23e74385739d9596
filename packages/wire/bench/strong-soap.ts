import { createRequire } from 'node:module';

type Handler = { xmlToJson(namespaces: object, xml: string, descriptor: object): unknown };
type Operation = { describe(definitions: object): { outputEnvelope: object } };
type Client = {
  wsdl: {
    definitions: { schemas: object; bindings: Record<string, { operations: Record<string, Operation> }> };
    options: object;
  };
};

/** How strong-soap turns XML into objects, called as its client does for an answer of getActiveJobs. */
export async function strongSoapDecoder(wsdl: string): Promise<(xml: string) => unknown> {
  const { soap: strong } = createRequire(import.meta.url)('strong-soap') as {
    soap: {
      createClient(path: string, options: object, callback: (error: unknown, client: Client) => void): void;
      XMLHandler: new (schemas: object, options: object) => Handler;
      NamespaceContext: new () => object;
    };
  };
  const { wsdl: loaded } = await new Promise<Client>((resolve, reject) => {
    strong.createClient(wsdl, {}, (error, client) => (error ? reject(error) : resolve(client)));
  });
  const operation = loaded.definitions.bindings['IpsApiServiceSoapBinding']?.operations['getActiveJobs'];
  if (operation === undefined) throw new Error('strong-soap does not know getActiveJobs');
  const { outputEnvelope } = operation.describe(loaded.definitions);
  const handler = new strong.XMLHandler(loaded.definitions.schemas, loaded.options);
  return (xml) => handler.xmlToJson(new strong.NamespaceContext(), xml, outputEnvelope);
}
