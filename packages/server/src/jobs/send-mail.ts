import type { Services } from '../services.js';

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
  await createTransport(config.mailUrl).sendMail({
    from: config.mailFrom,
    to: recipient,
    subject,
    text: body,
  });
  return 'sent';
}
