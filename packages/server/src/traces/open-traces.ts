import { traceSettings } from './trace-settings.js';
import type { TracedProcess } from './traced-process.js';
import { noTraces, type Traces } from './traces.js';

/**
 * Opens traces as the standard environment variables of OpenTelemetry say. Without an endpoint or an exporter in them, none of
 * OpenTelemetry's code is loaded.
 */
export async function openTraces(environment: NodeJS.ProcessEnv, process: TracedProcess): Promise<Traces> {
  const { settings, unused } = traceSettings(environment);
  for (const { name, found, expected } of unused) {
    // A URL can contain a password.
    const shown = /:\/\//.test(found) ? 'a URL' : found;
    process.log.warn(
      { variable: name },
      `${name}: found ${shown}, expected ${expected}${settings === undefined ? '; there are no traces' : ''}`,
    );
  }
  if (settings === undefined) return noTraces;
  const { OpenTelemetryTraces } = await import('./open-telemetry.js');
  return new OpenTelemetryTraces(settings, process);
}
