/** One part of a multipart/form-data body. */
export interface FormPart {
  readonly name: string;
  readonly fileName: string | undefined;
  readonly head: string;
  readonly body: Buffer;
}

/** Takes a multipart/form-data body apart, strictly: anything that is not as RFC 7578 has it is an error. */
export function parseForm(contentType: string | undefined, body: Buffer): FormPart[] {
  const boundary = /^multipart\/form-data; boundary=([\w-]+)$/.exec(contentType ?? '')?.[1];
  if (boundary === undefined) throw new Error(`no boundary in ${contentType}`);
  const delimiter = Buffer.from(`\r\n--${boundary}`);
  const whole = Buffer.concat([Buffer.from('\r\n'), body]);
  const parts: FormPart[] = [];
  let at = whole.indexOf(delimiter);
  if (at !== 0) throw new Error('the body does not begin with a delimiter');
  for (;;) {
    const start = at + delimiter.length;
    if (whole.toString('latin1', start, start + 2) === '--') {
      if (whole.toString('latin1', start + 2) !== '\r\n') throw new Error('something follows the last part');
      return parts;
    }
    const next = whole.indexOf(delimiter, start);
    if (next < 0) throw new Error('the last part has no end');
    parts.push(parsePart(whole.subarray(start + 2, next)));
    at = next;
  }
}

function parsePart(part: Buffer): FormPart {
  const end = part.indexOf('\r\n\r\n');
  const head = part.toString('latin1', 0, end);
  const lines = head.split('\r\n');
  if (lines.some((line) => !/^[\w-]+: [\x20-\x7e]+$/.test(line)))
    throw new Error(`no header: ${JSON.stringify(head)}`);
  const disposition = /^Content-Disposition: form-data; name="([^"]*)"(?:; filename="([^"]*)")?$/.exec(
    lines[0] ?? '',
  );
  if (disposition === null) throw new Error(`no disposition: ${lines[0]}`);
  return { name: disposition[1] ?? '', fileName: disposition[2], head, body: part.subarray(end + 4) };
}
