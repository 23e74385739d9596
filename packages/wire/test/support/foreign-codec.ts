import { mkdtempSync, writeFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generate } from '@ips-sdk/codegen';
import type { TypedContract } from '@ips-sdk/types/contract';
import { type Codec, createCodec } from '../../src/index.js';

/** The operation of {@link wsdlOf}, with values of any shape. */
export interface Call {
  readonly call: { readonly input: object; readonly output: object };
}

/** A document/literal WSDL with one operation, `call`, whose request and answer have the content `content`. */
export function wsdlOf(content: string, components: string = '', more: string = ''): string {
  return `<definitions name="T" targetNamespace="urn:t" xmlns="http://schemas.xmlsoap.org/wsdl/" xmlns:t="urn:t" xmlns:o="urn:o"
    xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/" xmlns:xs="http://www.w3.org/2001/XMLSchema">
<types>${more}<xs:schema targetNamespace="urn:t" elementFormDefault="qualified">
${more === '' ? '' : '<xs:import namespace="urn:o"/>'}${components}
<xs:complexType name="Call">${content}</xs:complexType>
<xs:element name="call"><xs:complexType><xs:complexContent><xs:extension base="t:Call"/></xs:complexContent></xs:complexType></xs:element>
<xs:element name="answer" type="t:Call"/>
</xs:schema></types>
<message name="in"><part name="p" element="t:call"/></message><message name="out"><part name="p" element="t:answer"/></message>
<portType name="P"><operation name="call"><input message="t:in"/><output message="t:out"/></operation></portType>
<binding name="B" type="t:P"><soap:binding transport="http://schemas.xmlsoap.org/soap/http"/>
<operation name="call"><soap:operation soapAction="call"/><input><soap:body use="literal"/></input><output><soap:body use="literal"/></output></operation></binding>
<service name="S"><port name="P" binding="t:B"><soap:address location="http://localhost"/></port></service>
</definitions>`;
}

/** The codec of the contract that the generator makes of a WSDL, and the file that holds the WSDL. */
export async function codecOf(wsdl: string): Promise<{ readonly codec: Codec<Call>; readonly file: string }> {
  const file = join(mkdtempSync(join(tmpdir(), 'codec-')), 'service.wsdl');
  writeFileSync(file, wsdl);
  const text = generate({ wsdl: file }).files.find(({ path }) => path === 'contract.ts')?.text ?? '';
  const module = `data:text/javascript,${encodeURIComponent(stripTypeScriptTypes(text))}`;
  const { contract } = (await import(/* @vite-ignore */ module)) as { contract: TypedContract<Call> };
  return { codec: createCodec(contract), file };
}
