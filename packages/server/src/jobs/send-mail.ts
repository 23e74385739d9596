import type { Services } from '../services.js';

/** Milliseconds that a mail server may take, by the names that a nodemailer URL has for them. */
const TIMEOUTS = { connectionTimeout: 30_000, greetingTimeout: 30_000, socketTimeout: 60_000 } as const;

/** A mail as it is sent. */
export interface MailText {
  readonly recipient: string;
  readonly subject: string;
  readonly body: string;
}

/**
 * Sends a mail, where the server is configured to.
 *
 * @returns What the outbox says of it: `sent`, or `kept` when there is no mail server.
 * @throws when the mail server does not take it.
 */
export async function sendMail(
  config: Pick<Services['config'], 'mailUrl' | 'mailFrom'>,
  { recipient, subject, body }: MailText,
): Promise<'kept' | 'sent'> {
  if (config.mailUrl === undefined) return 'kept';
  const { createTransport } = await import('nodemailer');
  const url = new URL(config.mailUrl);
  // Shorter than the library's own, so that an attempt ends before it is taken for lost.
  for (const [name, milliseconds] of Object.entries(TIMEOUTS))
    if (!url.searchParams.has(name)) url.searchParams.set(name, String(milliseconds));
  await createTransport(url.href).sendMail({
    from: config.mailFrom,
    to: recipient,
    subject,
    text: body,
  });
  return 'sent';
}
