import { wrapAnsi } from 'fast-wrap-ansi';

/**
 * A text as a terminal shows it best: lines that are too long break between words, and what follows is indented as the line is, and
 * by `indent` more. Without a width nothing breaks, since what reads a pipe wants a message on one line.
 */
export function wrap(text: string, width: number | undefined, indent = 0): string {
  if (width === undefined) return text;
  return text
    .split('\n')
    .map((line) => {
      const own = /^ */.exec(line)?.[0] ?? '';
      const behind = ' '.repeat(own.length + indent);
      const room = Math.max(10, width - behind.length);
      const lines = wrapAnsi(line.slice(own.length), room, { trim: true }).split('\n');
      return lines.map((one, i) => `${i === 0 ? own : behind}${one}`).join('\n');
    })
    .join('\n');
}

/** The width at which a stream breaks lines; none where it is not a terminal. */
export function widthOf(stream: NodeJS.WriteStream): number | undefined {
  return stream.isTTY === true ? (stream.columns ?? 80) : undefined;
}
