// Videos for tests: small ones whose frames nobody decodes, and real ones that ffmpeg writes.
import { execFileSync, spawnSync } from 'node:child_process';
import { BufferTarget, EncodedPacket, EncodedVideoPacketSource, Output, WebMOutputFormat } from 'mediabunny';

/** Whether ffmpeg is installed. */
export const hasFfmpeg = spawnSync('ffmpeg', ['-version']).status === 0;

/** A WebM with a header and one frame that cannot be decoded. */
export async function videoHeader(width: number, height: number, seconds: number): Promise<Buffer> {
  const target = new BufferTarget();
  const output = new Output({ format: new WebMOutputFormat(), target });
  const source = new EncodedVideoPacketSource('vp8');
  output.addVideoTrack(source);
  await output.start();
  const meta = { decoderConfig: { codec: 'vp8', codedWidth: width, codedHeight: height } };
  await source.add(new EncodedPacket(new Uint8Array(40), 'key', 0, seconds), meta);
  await output.finalize();
  if (target.buffer === null) throw new Error('no video was written');
  return Buffer.from(target.buffer);
}

/** Writes a video of 64 × 48 pixels, which is red for a second and then blue for a second. */
export function writeVideo(path: string, ...options: readonly string[]): void {
  const source = (color: string): string[] => ['-f', 'lavfi', '-i', `color=${color}:s=64x48:r=10:d=1`];
  execFileSync('ffmpeg', [
    ...['-v', 'error', '-y', ...source('red'), ...source('blue')],
    ...['-filter_complex', '[0:v][1:v]concat=n=2:v=1', ...options, path],
  ]);
}
