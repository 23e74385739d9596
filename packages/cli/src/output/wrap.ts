import { wrapAnsi } from 'fast-wrap-ansi';

/**
 * Wraps lines between words to fit a width. Continuation lines keep the indentation of the line, plus `indent`. Without a width,
 * returns the text unchanged, because programs that read a pipe expect one message per line.
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

/** The width of a terminal; `undefined` if the stream is not a terminal. */
export function widthOf(stream: NodeJS.WriteStream): number | undefined {
  return stream.isTTY === true ? (stream.columns ?? 80) : undefined;
}
