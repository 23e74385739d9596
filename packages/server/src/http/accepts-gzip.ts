import Negotiator from 'negotiator';

/** Whether a client prefers gzip to no compression, by its `Accept-Encoding`. */
export function acceptsGzip(acceptEncoding: string | string[] | undefined): boolean {
  const headers = { 'accept-encoding': String(acceptEncoding ?? '') };
  return new Negotiator({ headers }).encoding(['gzip', 'identity']) === 'gzip';
}
