/** Characters that XML cannot carry, for a class of a regular expression. A lone surrogate is not among them. */
export const NOT_XML = '\\u0000-\\u0008\\u000b\\u000c\\u000e-\\u001f\\ufffe\\uffff';
