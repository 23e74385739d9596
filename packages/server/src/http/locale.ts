const LOCALE = /^([A-Za-z]{2,3})(?:[-_]([A-Za-z]{2}))?$/;

/** The locale of a call: from its header, otherwise the first one in `Accept-Language`, otherwise `en-US`. */
export function localeOf(header: unknown, acceptLanguage: string | undefined): string {
  for (const candidate of [typeof header === 'string' ? header : '', firstLanguage(acceptLanguage)]) {
    const match = LOCALE.exec(candidate.trim());
    if (match)
      return match[2]
        ? `${match[1]?.toLowerCase()}-${match[2].toUpperCase()}`
        : (match[1]?.toLowerCase() ?? '');
  }
  return 'en-US';
}

function firstLanguage(acceptLanguage: string | undefined): string {
  return acceptLanguage?.split(',')[0]?.split(';')[0] ?? '';
}
