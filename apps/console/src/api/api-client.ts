import { ApiError, apiErrorOf } from './api-error.ts';
import type { SessionInfo, UploadState } from './contract.ts';
import type { GetPath, Gets, PostPath, Posts } from './endpoints.ts';
import { queryString } from './query-string.ts';

const BASE = '/console/api/';

/** Calls of the console's host. Every method throws {@link ApiError}. */
export interface ApiClient {
  get<P extends GetPath>(path: P, query: Gets[P]['query'], signal?: AbortSignal): Promise<Gets[P]['answer']>;
  post<P extends PostPath>(
    path: P,
    body: Posts[P]['body'],
    signal?: AbortSignal,
  ): Promise<Posts[P]['answer']>;
  /** Sends a part of a file of an upload. */
  putChunk(
    query: { readonly id: string; readonly file: number; readonly offset: number },
    body: Blob,
    signal?: AbortSignal,
  ): Promise<UploadState>;
}

/** The address of what a link or a picture shows. */
export function apiUrl(path: string, query: object): string {
  return `${BASE}${path}${queryString(query)}`;
}

/** What a client is made of. */
export interface ApiClientOptions {
  readonly fetch?: typeof fetch;
  /** Called when the host reports that the session is missing. */
  readonly onLoggedOut?: () => void;
}

export function createApiClient({
  fetch = globalThis.fetch.bind(globalThis),
  onLoggedOut,
}: ApiClientOptions = {}): ApiClient {
  let csrf = '';

  async function answerOf<T>(url: string, init: RequestInit): Promise<T> {
    const response = await fetch(url, { credentials: 'same-origin', ...init }).catch((cause: unknown) => {
      if (init.signal?.aborted === true) throw cause;
      throw new ApiError('network', "cannot reach the console's host", {}, { cause });
    });
    if (!response.ok) {
      const error = await apiErrorOf(response);
      if (error.code === 'login') onLoggedOut?.();
      throw error;
    }
    // The host and the browser share the types of answers.
    const answer = (await response.json().catch((cause: unknown) => {
      throw new ApiError('outage', "the console's host sent an answer that cannot be read", {}, { cause });
    })) as T;
    const next = csrfOf(answer);
    if (next !== undefined) csrf = next;
    return answer;
  }

  /** Another tab may have logged in again, with another token: the session has it. */
  async function withToken<T>(send: () => Promise<T>): Promise<T> {
    try {
      return await send();
    } catch (error) {
      if (!(error instanceof ApiError) || error.code !== 'csrf') throw error;
      await answerOf<SessionInfo>(apiUrl('session', {}), { headers: { accept: 'application/json' } });
      return send();
    }
  }

  return {
    get: (path, query, signal) =>
      answerOf(apiUrl(path, query), { headers: { accept: 'application/json' }, signal: signal ?? null }),
    post: (path, body, signal) =>
      withToken(() =>
        answerOf(apiUrl(path, {}), {
          method: 'POST',
          headers: { accept: 'application/json', 'content-type': 'application/json', 'x-csrf-token': csrf },
          body: JSON.stringify(body),
          signal: signal ?? null,
        }),
      ),
    putChunk: (query, body, signal) =>
      withToken(() =>
        answerOf(apiUrl('uploads/chunk', query), {
          method: 'PUT',
          headers: {
            accept: 'application/json',
            'content-type': 'application/octet-stream',
            'x-csrf-token': csrf,
          },
          body,
          signal: signal ?? null,
        }),
      ),
  };
}

/** Only sessions carry a token: those of `session`, `login`, `logout` and `company`. */
function csrfOf(answer: unknown): string | undefined {
  if (typeof answer !== 'object' || answer === null || !('csrf' in answer) || !('isLoggedIn' in answer))
    return;
  return (answer as SessionInfo).csrf;
}
