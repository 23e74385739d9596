const XSD = 'http://www.w3.org/2001/XMLSchema';
const XML = 'http://www.w3.org/XML/1998/namespace';
const MIME = 'http://www.w3.org/2005/05/xmlmime';

/**
 * Attributes that schemas import from the W3C's server, so that nobody needs to save these files. They define no type that would be
 * in the output.
 *
 * @see {@link https://www.w3.org/2009/01/xml.xsd | The schema of the namespace xml}
 * @see {@link https://www.w3.org/TR/xml-media-types/ | Describing Media Content of Binary Data in XML}
 */
export const KNOWN_SCHEMAS: readonly (readonly [namespace: string, text: string])[] = [
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
    `<schema xmlns="${XSD}" targetNamespace="${MIME}">
<attribute name="contentType" type="string"/>
<attribute name="expectedContentTypes" type="string"/>
</schema>`,
  ],
];
