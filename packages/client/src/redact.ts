/** Elements that hold secrets, their text or CDATA, also where the document is cut off in it. */
const SECRET_ELEMENTS =
  /(<(?:[\w.-]+:)?(?:password|accessToken|AuthPassword)(?:\s[^>]*)?>)(?:<!\[CDATA\[(?:(?!\]\]>)[\s\S])*(?:\]\]>)?|[^<]|<!--(?:(?!-->)[\s\S])*(?:-->)?)+/gi;

/** What stands before the host in a URL: `https://ann:secret@www.example.com/`. */
const URL_CREDENTIALS = /(\b[a-z][a-z\d+.-]*:\/\/)[^\s/@<>"']+@/gi;

/** Takes secrets out of XML: the text of passwords and tokens whatever their prefix, and credentials in URLs. */
export function redactXml(xml: string): string {
  return xml.replace(SECRET_ELEMENTS, '$1[secret]').replace(URL_CREDENTIALS, '$1[secret]@');
}
