import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CodegenError, type Diagnostic } from '../../src/index.js';

/** A document/literal WSDL with one operation, `call`, around the given schema components. */
export function wsdlWith(
  components: string,
  options: { input?: string; extra?: string; binding?: string } = {},
): string {
  return `<?xml version="1.0"?>
<definitions name="T" targetNamespace="urn:t" xmlns="http://schemas.xmlsoap.org/wsdl/" xmlns:t="urn:t"
    xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/" xmlns:xs="http://www.w3.org/2001/XMLSchema">
<types><xs:schema targetNamespace="urn:t" elementFormDefault="qualified">
${components}
<xs:element name="call"><xs:complexType><xs:sequence>${options.input ?? ''}</xs:sequence></xs:complexType></xs:element>
<xs:element name="callReturn"><xs:complexType><xs:sequence/></xs:complexType></xs:element>
</xs:schema></types>
<message name="in"><part name="p" element="t:call"/></message>
<message name="out"><part name="p" element="t:callReturn"/></message>
<portType name="P"><operation name="call"><input message="t:in"/><output message="t:out"/></operation></portType>
<binding name="B" type="t:P">${options.binding ?? '<soap:binding transport="http://schemas.xmlsoap.org/soap/http"/>'}
<operation name="call"><soap:operation soapAction="call"/><input><soap:body use="literal"/></input><output><soap:body use="literal"/></output></operation></binding>
<service name="S"><port name="P" binding="t:B"><soap:address location="http://localhost"/></port></service>
${options.extra ?? ''}
</definitions>`;
}

/** Writes files into a new folder and returns its path. */
export function folderWith(files: Record<string, string>): string {
  const folder = mkdtempSync(join(tmpdir(), 'codegen-'));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}

/** What a run reports; fails when it reports nothing. */
export function diagnosticsOf(run: () => unknown): readonly Diagnostic[] {
  try {
    run();
  } catch (error) {
    if (error instanceof CodegenError) return error.diagnostics;
    throw error;
  }
  throw new Error('expected a CodegenError');
}
