/** Elements that contain secrets, including one truncated at the end of the document. */
const SECRET_ELEMENTS =
  /(<(?:[\w.-]+:)?(?:password|accessToken|samlResponse|AuthPassword)(?:\s[^>]*)?>)(?:<!\[CDATA\[(?:(?!\]\]>)[\s\S])*(?:\]\]>)?|[^<]|<!--(?:(?!-->)[\s\S])*(?:-->)?)+/gi;

/** The credentials before the host in a URL: `https://ann:secret@www.example.com/`. */
const URL_CREDENTIALS = /(\b[a-z][a-z\d+.-]*:\/\/)[^\s/@<>"']+@/gi;

/** Removes secrets from XML: passwords and tokens under any prefix, and credentials in URLs. */
export function redactXml(xml: string): string {
  return xml.replace(SECRET_ELEMENTS, '$1[secret]').replace(URL_CREDENTIALS, '$1[secret]@');
}
