import type { Services } from '../services.js';

/** Timeouts for a mail server in milliseconds, by their parameter names in a nodemailer URL. */
const TIMEOUTS = { connectionTimeout: 30_000, greetingTimeout: 30_000, socketTimeout: 60_000 } as const;

/** A mail to send. */
export interface MailText {
  readonly recipient: string;
  readonly subject: string;
  readonly body: string;
}

/**
 * Sends a mail, if a mail server is configured.
 *
 * @returns Its state in the outbox: `sent`, or `kept` if there is no mail server.
 * @throws Error if the mail server does not accept it.
 */
export async function sendMail(
  config: Pick<Services['config'], 'mailUrl' | 'mailFrom'>,
  { recipient, subject, body }: MailText,
): Promise<'kept' | 'sent'> {
  if (config.mailUrl === undefined) return 'kept';
  const { createTransport } = await import('nodemailer');
  const url = new URL(config.mailUrl);
  // Shorter than the library's defaults, so that an attempt ends before it counts as lost.
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
