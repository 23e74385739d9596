import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startPhp } from '../../../../scripts/testing/php.ts';

const WSDL = fileURLToPath(import.meta.resolve('@ips-sdk/types/wsdl/IpsApi-2014-04-03.wsdl'));
const SCRIPT = fileURLToPath(new URL('php-jobs.php', import.meta.url));

/** A job as the service keeps it. */
export interface PhpJob {
  readonly handle: string;
  readonly stage: 'scheduled' | 'active' | 'done';
  readonly name: string;
  readonly originalName: string;
  readonly kind: string;
  /** As PHP understood it. */
  readonly payload: unknown;
  readonly schedule: string | null;
  readonly trigger: 'Normal' | 'Paused';
  readonly state: 'Running' | 'Stopping';
  readonly done: number;
  readonly total: number;
  readonly started: string;
  readonly ended: string | null;
  /** Text of a warning in its log. */
  readonly warning?: string;
}

/** A service for jobs that PHP's SoapServer makes of the WSDL. */
export interface PhpJobs extends AsyncDisposable {
  readonly endpoint: string;
  readonly jobs: () => readonly PhpJob[];
  /** Has every run process one more file; a run without more ends. */
  advance(): Promise<void>;
}

export async function startPhpJobs(jobs: readonly PhpJob[], password: string): Promise<PhpJobs> {
  const folder = mkdtempSync(join(tmpdir(), 'php-jobs-'));
  const file = join(folder, 'jobs.json');
  writeFileSync(file, JSON.stringify(jobs));
  const php = await startPhp(SCRIPT, { JOBS_FOLDER: folder, JOBS_WSDL: WSDL, JOBS_PASSWORD: password });
  const origin = `http://127.0.0.1:${php.port}`;
  return {
    endpoint: `${origin}/scene7/services/IpsApiService`,
    // The service writes the file.
    jobs: () => JSON.parse(readFileSync(file, 'utf8')) as PhpJob[],
    advance: async () => {
      const { ok, status } = await fetch(`${origin}/advance`, { method: 'POST' });
      if (!ok) throw new Error(`advance: status ${status}`);
    },
    [Symbol.asyncDispose]: async () => {
      await php.stop();
      rmSync(folder, { recursive: true });
    },
  };
}
