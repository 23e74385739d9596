import type { DiagnosticBag } from '../diagnostic.js';
import type { Port } from '../model.js';
import { attribute, type XmlElement } from '../xml/parse-xml.js';
import type { Documents } from './load-documents.js';
import { HTTP_TRANSPORTS, SOAP11, SOAP12 } from './namespaces.js';
import { type WsdlComponents, wsdlChildren } from './wsdl-component.js';

/** A service: its name, its SOAP ports and their bindings. */
export interface Service {
  readonly name: string;
  readonly ports: readonly Port[];
  readonly bindings: readonly XmlElement[];
}

/**
 * Reads the service of a WSDL. Ports of other protocols, such as HTTP GET or JMS, are skipped.
 *
 * @param wanted - The name of the service, required if there are several.
 * @see {@link https://www.w3.org/TR/2001/NOTE-wsdl-20010315#_services | WSDL 1.1, 2.7 Services}
 */
export function readService(
  documents: Documents['definitions'],
  components: WsdlComponents,
  wanted: string | undefined,
  bag: DiagnosticBag,
): Service {
  const [root] = documents;
  const all = documents.flatMap((definitions) => wsdlChildren(definitions, 'service'));
  const services = wanted === undefined ? all : all.filter((s) => attribute(s, 'name') === wanted);
  const names = all.map((s) => attribute(s, 'name')).join(', ');
  if (services.length === 0) {
    if (wanted !== undefined) {
      bag.add('service', `unknown service "${wanted}"; the document has ${names || 'none'}`, root.position);
    }
    // Without a service there is no address, but the bindings describe the messages.
    const bindings = [...components.all('binding')].filter((b) => soapBinding(b) !== undefined);
    if (bindings.length === 0) bag.add('no-soap-port', 'the document has no SOAP port', root.position);
    return { name: attribute(root, 'name') ?? '', ports: [], bindings: bindings.filter(isHttp) };
  }
  const read = services.map((service) => ({ service, ...readPorts(service, components) }));
  const usable = read.filter(({ ports }) => ports.length > 0);
  const [chosen, ...others] = usable;
  if (chosen === undefined) {
    const [foreign] = read.flatMap((r) => r.foreign);
    if (foreign === undefined) bag.add('no-soap-port', 'the service has no SOAP port', root.position);
    else {
      const transport = attribute(foreign, 'transport') ?? '';
      bag.add('unsupported-construct', `transport="${transport}" is not supported`, foreign.position);
    }
  } else if (others.length > 0) {
    const found = usable.map((r) => attribute(r.service, 'name')).join(', ');
    bag.add(
      'service',
      `the document has ${usable.length} services: ${found}; choose one with --service`,
      root.position,
    );
  }
  return {
    name: attribute((chosen ?? read[0])?.service ?? root, 'name') ?? '',
    ports: chosen?.ports ?? [],
    bindings: chosen?.bindings ?? [],
  };
}

/**
 * @see {@link https://www.w3.org/TR/2001/NOTE-wsdl-20010315#_ports | WSDL 1.1, 2.6 Ports}
 * @see {@link https://www.w3.org/TR/2001/NOTE-wsdl-20010315#_soap:address | WSDL 1.1, 3.8 soap:address}
 */
function readPorts(
  service: XmlElement,
  components: WsdlComponents,
): { ports: Port[]; bindings: XmlElement[]; foreign: XmlElement[] } {
  const ports: Port[] = [];
  const bindings = new Set<XmlElement>();
  const foreign: XmlElement[] = [];
  for (const port of wsdlChildren(service, 'port')) {
    const address = port.children.find((c) => c.local === 'address');
    if (address === undefined || (address.uri !== SOAP11 && address.uri !== SOAP12)) continue;
    const binding = components.find('binding', port, 'binding');
    if (binding === undefined) continue;
    const soap = soapBinding(binding);
    if (soap !== undefined && !isHttp(binding)) {
      foreign.push(soap);
      continue;
    }
    bindings.add(binding);
    ports.push({
      name: attribute(port, 'name') ?? '',
      binding: attribute(binding, 'name') ?? '',
      soapVersion: (soap ?? address).uri === SOAP12 ? '1.2' : '1.1',
      address: attribute(address, 'location')?.trim() ?? '',
    });
  }
  return { ports, bindings: [...bindings], foreign };
}

/** @see {@link https://www.w3.org/TR/2001/NOTE-wsdl-20010315#_soap:binding | WSDL 1.1, 3.3 soap:binding} */
export function soapBinding(binding: XmlElement): XmlElement | undefined {
  return binding.children.find((c) => c.local === 'binding' && (c.uri === SOAP11 || c.uri === SOAP12));
}

function isHttp(binding: XmlElement): boolean {
  const soap = soapBinding(binding);
  // Some documents write the URI with a space, or with or without the trailing slash.
  const transport = (soap && attribute(soap, 'transport'))?.trim().replace(/\/$/, '');
  return soap !== undefined && (transport === undefined || HTTP_TRANSPORTS.includes(transport));
}
