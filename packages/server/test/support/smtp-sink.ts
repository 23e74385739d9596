// A mail server for tests: it takes every mail, or refuses the first ones as an overloaded server does.
import { type AddressInfo, createServer, type Socket } from 'node:net';

/** An accepted mail. */
export interface ReceivedMail {
  readonly from: string;
  readonly to: readonly string[];
  /** Headers and body, as they came. */
  readonly content: string;
}

/** A running mail server. */
export interface SmtpSink {
  /** For `mailUrl`. */
  readonly url: string;
  readonly mails: readonly ReceivedMail[];
  /** How many mails were refused. */
  readonly refused: () => number;
  /** Refuses the next mails, for the time being. */
  refuse(count: number): void;
  close(): Promise<void>;
}

/** Starts a mail server on a free port of the loopback address. */
export async function serveMail(): Promise<SmtpSink> {
  const mails: ReceivedMail[] = [];
  const sockets = new Set<Socket>();
  let toRefuse = 0;
  let refused = 0;
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket)).on('error', () => undefined);
    let from = '';
    let to: string[] = [];
    let content: string[] | undefined;
    /** Handles a line; returns the reply, if any. */
    const take = (line: string): string | undefined => {
      if (content !== undefined) {
        if (line !== '.') {
          // A line that begins with a dot got another one before it.
          content.push(line.replace(/^\./, ''));
          return undefined;
        }
        mails.push({ from, to, content: content.join('\n') });
        content = undefined;
        return '250 taken';
      }
      const address = /<(.*?)>/.exec(line)?.[1] ?? '';
      switch (line.slice(0, 4).toUpperCase()) {
        case 'MAIL':
          [from, to] = [address, []];
          if (toRefuse === 0) return '250 ok';
          toRefuse -= 1;
          refused += 1;
          return '451 try again later';
        case 'RCPT':
          to.push(address);
          return '250 ok';
        case 'DATA':
          content = [];
          return '354 go on';
        case 'QUIT':
          return '221 bye';
        default:
          return '250 ok';
      }
    };
    let rest = '';
    socket.setEncoding('utf8').on('data', (text: string) => {
      const lines = (rest + text).split('\r\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        const said = take(line);
        if (said !== undefined) socket.write(`${said}\r\n`);
        if (said?.startsWith('221')) socket.end();
      }
    });
    socket.write('220 sink\r\n');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `smtp://127.0.0.1:${(server.address() as AddressInfo).port}`,
    mails,
    refused: () => refused,
    refuse: (count) => {
      toRefuse = count;
    },
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
}
