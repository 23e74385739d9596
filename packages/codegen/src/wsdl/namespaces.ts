export const WSDL = 'http://schemas.xmlsoap.org/wsdl/';
export const XSD = 'http://www.w3.org/2001/XMLSchema';
export const SOAP11 = 'http://schemas.xmlsoap.org/wsdl/soap/';
export const SOAP12 = 'http://schemas.xmlsoap.org/wsdl/soap12/';
export const HTTP_TRANSPORTS: readonly string[] = [
  'http://schemas.xmlsoap.org/soap/http',
  'http://www.w3.org/2003/05/soap/bindings/HTTP/',
];
