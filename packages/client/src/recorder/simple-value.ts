const FORMS: Readonly<Record<string, RegExp>> = {
  'xsd:boolean': /^(?:true|false|1|0)$/,
  'xsd:int': /^-?\d{1,10}$/,
  'xsd:long': /^-?\d{1,19}$/,
  'xsd:double': /^(?:-?\d{1,19}(?:\.\d{1,20})?(?:[Ee][+-]?\d{1,3})?|-?INF|NaN)$/,
};

/** Whether a text is a boolean or number of the contract. Such values contain no private data. */
export function isSimpleValue(type: string, text: string): boolean {
  return FORMS[type]?.test(text) ?? false;
}
