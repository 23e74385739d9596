import { lazy, type ReactNode, Suspense, useMemo } from 'react';
import { Card } from '../components/card.tsx';
import type { PlotSeries } from '../components/time-plot.tsx';
import { formatExact } from '../format/moment.ts';
import { formatNumber } from '../format/number.ts';

const TimePlot = lazy(async () => ({ default: (await import('../components/time-plot.tsx')).TimePlot }));

/** Values over time as lines, and as a table for those who do not see them. */
export function PlotCard({
  title,
  summary,
  times,
  series,
}: {
  title: string;
  /** One sentence with the essence. */
  summary: string;
  /** Moments, oldest first. */
  times: readonly string[];
  series: readonly PlotSeries[];
}): ReactNode {
  const milliseconds = useMemo(() => times.map((at) => Date.parse(at)), [times]);
  return (
    <Card title={title} tools={<span className="secondary">{summary}</span>}>
      {times.length < 2 ? (
        <p className="secondary">A line needs two samples. They come by themselves.</p>
      ) : (
        <>
          <Suspense fallback={<div className="plot-space" aria-hidden="true" />}>
            <TimePlot times={milliseconds} series={series} summary={summary} />
          </Suspense>
          <details>
            <summary>
              Numbers<span className="hidden-text"> of {title}</span>
            </summary>
            {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a table that scrolls must be reachable by keyboard. */}
            <section className="plot-table" tabIndex={0} aria-label={`Numbers of ${title}`}>
              <table>
                <thead>
                  <tr>
                    <th scope="col">Time</th>
                    {series.map(({ label }) => (
                      <th key={label} scope="col" className="number">
                        {label}
                      </th>
                    ))}
                  </tr>
                </thead>
                <tbody>
                  {times.map((at, index) => (
                    <tr key={at}>
                      <td>{formatExact(at)}</td>
                      {series.map(({ label, values }) => (
                        <td key={label} className="number">
                          {formatNumber(values[index] ?? 0)}
                        </td>
                      ))}
                    </tr>
                  ))}
                </tbody>
              </table>
            </section>
          </details>
        </>
      )}
    </Card>
  );
}
