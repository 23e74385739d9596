import type { Socket } from 'node:net';

/** The end of the headers of a request. */
const END = Buffer.from('\r\n\r\n');

/**
 * Lets a socket emit what it reads in pieces, each of which ends the headers of one request at most. What follows a piece after which the
 * socket was paused stays in its buffer.
 *
 * @param read - Called when all pieces of a read were emitted or buffered.
 */
export function readInPieces(socket: Socket, read: () => void): void {
  const push = socket.push.bind(socket);
  socket.push = (chunk: unknown, encoding?: BufferEncoding): boolean => {
    if (!Buffer.isBuffer(chunk)) return push(chunk, encoding);
    let wantsMore = false;
    for (const piece of piecesOf(chunk)) {
      if (socket.destroyed) return false;
      wantsMore = push(piece);
    }
    read();
    return wantsMore;
  };
}

/** Divides bytes after each end of headers, unless there is only one. */
export function piecesOf(chunk: Buffer): readonly Buffer[] {
  const first = chunk.indexOf(END);
  if (first < 0 || chunk.indexOf(END, first + END.length) < 0) return [chunk];
  const pieces: Buffer[] = [];
  let start = 0;
  for (let at = first; at >= 0; at = chunk.indexOf(END, start)) {
    pieces.push(chunk.subarray(start, at + END.length));
    start = at + END.length;
  }
  if (start < chunk.length) pieces.push(chunk.subarray(start));
  return pieces;
}
