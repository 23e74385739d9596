const XSD = 'http://www.w3.org/2001/XMLSchema';
const XML = 'http://www.w3.org/XML/1998/namespace';
const MIME = 'http://www.w3.org/2005/05/xmlmime';

const ADDRESSING = 'http://www.w3.org/2005/08/addressing';

/**
 * Schemas that documents import from the W3C's server, included so that users need not save them. They are
 * used if a document imports their namespace without providing a schema. The schema of `xml` is always used,
 * because names with this prefix need no import.
 *
 * @see {@link https://www.w3.org/2009/01/xml.xsd | The schema of the namespace xml}
 * @see {@link https://www.w3.org/TR/xml-media-types/ | Describing Media Content of Binary Data in XML}
 * @see {@link https://www.w3.org/TR/2006/REC-ws-addr-core-20060509/ | Web Services Addressing 1.0}
 */
export const KNOWN_SCHEMAS: ReadonlyMap<string, string> = new Map([
  [
    XML,
    `<schema xmlns="${XSD}" targetNamespace="${XML}">
<attribute name="lang" type="language"/>
<attribute name="space"><simpleType><restriction base="NCName"><enumeration value="default"/><enumeration value="preserve"/></restriction></simpleType></attribute>
<attribute name="base" type="anyURI"/>
<attribute name="id" type="ID"/>
<attributeGroup name="specialAttrs"><attribute ref="xml:base"/><attribute ref="xml:lang"/><attribute ref="xml:space"/><attribute ref="xml:id"/></attributeGroup>
</schema>`,
  ],
  [
    MIME,
    `<schema xmlns="${XSD}" xmlns:m="${MIME}" targetNamespace="${MIME}">
<attribute name="contentType" type="string"/>
<attribute name="expectedContentTypes" type="string"/>
<complexType name="base64Binary"><simpleContent><extension base="base64Binary"><attribute ref="m:contentType"/></extension></simpleContent></complexType>
<complexType name="hexBinary"><simpleContent><extension base="hexBinary"><attribute ref="m:contentType"/></extension></simpleContent></complexType>
</schema>`,
  ],
  [
    ADDRESSING,
    `<schema xmlns="${XSD}" xmlns:a="${ADDRESSING}" targetNamespace="${ADDRESSING}" elementFormDefault="qualified">
<complexType name="AttributedURIType"><simpleContent><extension base="anyURI"><anyAttribute/></extension></simpleContent></complexType>
<complexType name="ReferenceParametersType"><sequence><any minOccurs="0" maxOccurs="unbounded"/></sequence><anyAttribute/></complexType>
<complexType name="MetadataType"><sequence><any minOccurs="0" maxOccurs="unbounded"/></sequence><anyAttribute/></complexType>
<complexType name="EndpointReferenceType"><sequence>
<element name="Address" type="a:AttributedURIType"/>
<element ref="a:ReferenceParameters" minOccurs="0"/>
<element ref="a:Metadata" minOccurs="0"/>
<any minOccurs="0" maxOccurs="unbounded"/>
</sequence><anyAttribute/></complexType>
<complexType name="RelatesToType"><simpleContent><extension base="anyURI"><attribute name="RelationshipType" type="anyURI"/><anyAttribute/></extension></simpleContent></complexType>
<element name="EndpointReference" type="a:EndpointReferenceType"/>
<element name="ReferenceParameters" type="a:ReferenceParametersType"/>
<element name="Metadata" type="a:MetadataType"/>
<element name="MessageID" type="a:AttributedURIType"/>
<element name="RelatesTo" type="a:RelatesToType"/>
<element name="ReplyTo" type="a:EndpointReferenceType"/>
<element name="From" type="a:EndpointReferenceType"/>
<element name="FaultTo" type="a:EndpointReferenceType"/>
<element name="To" type="a:AttributedURIType"/>
<element name="Action" type="a:AttributedURIType"/>
</schema>`,
  ],
]);

/** The namespace of the prefix that needs no declaration. */
export const XML_NAMESPACE: string = XML;
