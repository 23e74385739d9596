export const WSDL = 'http://schemas.xmlsoap.org/wsdl/';
export const XSD = 'http://www.w3.org/2001/XMLSchema';
export const SOAP11 = 'http://schemas.xmlsoap.org/wsdl/soap/';
export const SOAP12 = 'http://schemas.xmlsoap.org/wsdl/soap12/';
/** Without the trailing slash. */
export const HTTP_TRANSPORTS: readonly string[] = [
  'http://schemas.xmlsoap.org/soap/http',
  'http://www.w3.org/2003/05/soap/bindings/HTTP',
];
/** Extensions whose body on the wire differs from the SOAP body in the binding. */
export const OTHER_BODIES: readonly string[] = [
  'http://schemas.xmlsoap.org/wsdl/mime/',
  'http://schemas.xmlsoap.org/wsdl/http/',
  'http://schemas.xmlsoap.org/ws/2002/04/dime/wsdl/',
];
