/** One event of a stream of server-sent events. */
export interface StreamEvent {
  readonly id: string;
  readonly event: string;
  readonly data: string;
}

/** What an event may be long, in UTF-16 units. A longer one ends the connection. */
const LIMIT = 4 * 1024 * 1024;

/**
 * Reads server-sent events. `EventSource` cannot be used, because it hides the status of a refused connection and cannot resume after
 * `Last-Event-ID` once it has been closed.
 */
export async function* readEventStream(body: ReadableStream<BufferSource>): AsyncGenerator<StreamEvent> {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  const lines = new LineSplitter();
  let id = '';
  let event = 'message';
  let data: string[] = [];
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      for (const line of lines.push(value)) {
        if (line === '') {
          if (data.length > 0) yield { id, event, data: data.join('\n') };
          event = 'message';
          data = [];
          continue;
        }
        const [name, content] = fieldOf(line);
        if (name === 'data') data.push(content);
        else if (name === 'event') event = content;
        else if (name === 'id' && !content.includes('\0')) id = content;
      }
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

function fieldOf(line: string): [name: string, content: string] {
  const colon = line.indexOf(':');
  if (colon === -1) return [line, ''];
  const content = line.slice(colon + 1);
  return [line.slice(0, colon), content.startsWith(' ') ? content.slice(1) : content];
}

/** Lines end in CR, LF, or both, which may be in two chunks. */
class LineSplitter {
  #rest = '';
  #endedInCr = false;

  push(chunk: string): string[] {
    // The LF of a pair whose CR has ended the line already.
    const fresh = this.#endedInCr && chunk.startsWith('\n') ? chunk.slice(1) : chunk;
    if (chunk !== '') this.#endedInCr = chunk.endsWith('\r');
    const lines = (this.#rest + fresh).split(/\r\n|\r|\n/);
    this.#rest = lines.pop() ?? '';
    if (this.#rest.length > LIMIT) throw new Error('an event of the stream is too long');
    return lines;
  }
}
