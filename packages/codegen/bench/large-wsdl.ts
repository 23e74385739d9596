/** A WSDL of many operations, each with a request, an answer and types of its own, as accounting and billing services have them. */
export function largeWsdl(operations: number): string {
  const names = Array.from({ length: operations }, (_, i) => `operation${i}`);
  const each = (write: (name: string, i: number) => string): string => names.map(write).join('\n');
  const fields = Array.from({ length: 20 }, (_, i) => i);
  const PRIMITIVES = ['string', 'int', 'dateTime', 'boolean', 'decimal'];
  const types = each(
    (name, i) => `<xs:complexType name="${name}Type"><xs:sequence>
${fields.map((f) => `<xs:element name="field${f}" type="xs:${PRIMITIVES[f % 5]}" minOccurs="${f % 2}"><xs:annotation><xs:documentation>Field ${f} of ${name}.</xs:documentation></xs:annotation></xs:element>`).join('\n')}
<xs:element name="next" type="t:operation${(i + 1) % operations}Type" minOccurs="0"/>
</xs:sequence></xs:complexType>
<xs:complexType name="${name}Array"><xs:sequence><xs:element name="items" type="t:${name}Type" minOccurs="0" maxOccurs="unbounded"/></xs:sequence></xs:complexType>
<xs:element name="${name}"><xs:complexType><xs:sequence><xs:element name="handle" type="xs:string"/><xs:element name="filter" type="t:${name}Type" minOccurs="0"/></xs:sequence></xs:complexType></xs:element>
<xs:element name="${name}Response"><xs:complexType><xs:sequence><xs:element name="result" type="t:${name}Array"/><xs:element name="total" type="xs:int"/></xs:sequence></xs:complexType></xs:element>`,
  );
  return `<?xml version="1.0"?>
<definitions name="Large" targetNamespace="urn:t" xmlns="http://schemas.xmlsoap.org/wsdl/" xmlns:t="urn:t"
    xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/" xmlns:xs="http://www.w3.org/2001/XMLSchema">
<types><xs:schema targetNamespace="urn:t" elementFormDefault="qualified">
${types}
</xs:schema></types>
${each((name) => `<message name="${name}In"><part name="p" element="t:${name}"/></message><message name="${name}Out"><part name="p" element="t:${name}Response"/></message>`)}
<portType name="P">
${each((name) => `<operation name="${name}"><input message="t:${name}In"/><output message="t:${name}Out"/></operation>`)}
</portType>
<binding name="B" type="t:P"><soap:binding transport="http://schemas.xmlsoap.org/soap/http"/>
${each((name) => `<operation name="${name}"><soap:operation soapAction="urn:${name}"/><input><soap:body use="literal"/></input><output><soap:body use="literal"/></output></operation>`)}
</binding>
<service name="Large"><port name="P" binding="t:B"><soap:address location="http://localhost"/></port></service>
</definitions>
`;
}
