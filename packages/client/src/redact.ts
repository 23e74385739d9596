/** Elements that contain secrets as text or CDATA, even where the document ends inside of one. */
const SECRET_ELEMENTS =
  /(<(?:[\w.-]+:)?(?:password|accessToken|samlResponse|AuthPassword)(?:\s[^>]*)?>)(?:<!\[CDATA\[(?:(?!\]\]>)[\s\S])*(?:\]\]>)?|[^<]|<!--(?:(?!-->)[\s\S])*(?:-->)?)+/gi;

/** The credentials before the host in a URL: `https://ann:secret@www.example.com/`. */
const URL_CREDENTIALS = /(\b[a-z][a-z\d+.-]*:\/\/)[^\s/@<>"']+@/gi;

/** Removes secrets from XML: the text of passwords and tokens, whatever their prefix, and credentials in URLs. */
export function redactXml(xml: string): string {
  return xml.replace(SECRET_ELEMENTS, '$1[secret]').replace(URL_CREDENTIALS, '$1[secret]@');
}
