import { lazy, type ReactNode, Suspense } from 'react';
import { useApi } from '../api/api-context.tsx';
import { Card } from '../components/card.tsx';
import { formatNumber, formatRate } from '../format/number.ts';

const TimePlot = lazy(async () => ({ default: (await import('../components/time-plot.tsx')).TimePlot }));

/** How fast a run is. Nothing is shown before there are two samples. */
export function Throughput({ handle }: { handle: string }): ReactNode {
  const { data } = useApi('job/throughput', { handle });
  if (data === undefined || data.samples.length < 2) return null;
  const { samples, unit } = data;
  const rates = samples.map(({ rate }) => rate);
  const peak = Math.max(...rates);
  const done = samples.at(-1)?.done ?? 0;
  return (
    <Card title={`Throughput, ${unit} per second`}>
      <Suspense fallback={<div className="plot" />}>
        <TimePlot
          times={samples.map(({ at }) => Date.parse(at))}
          series={[{ label: `${unit} per second`, values: rates }]}
          summary={`${formatNumber(done)} ${unit} in ${samples.length} samples, up to ${formatRate(peak)} per second, last ${formatRate(rates.at(-1) ?? 0)}`}
        />
      </Suspense>
    </Card>
  );
}
