import { type ReactNode, useEffect, useRef } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { useMedia } from './media.ts';
import { useStored } from './storage.ts';
import './time-plot.css';

/** One line of a plot. */
export interface PlotSeries {
  readonly label: string;
  readonly values: readonly number[];
  /** Default: `accent`. */
  readonly tone?: 'accent' | 'ok' | 'warn' | 'bad' | 'wait';
}

const HEIGHT = 132;

/** Values over time. It is a picture: `summary` says the same in words. Load it on demand. */
export function TimePlot({
  times,
  series,
  summary,
}: {
  /** Milliseconds, ascending. */
  times: readonly number[];
  series: readonly PlotSeries[];
  summary: string;
}): ReactNode {
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot>(undefined);
  const [theme] = useStored('theme');
  const isSystemDark = useMedia('(prefers-color-scheme: dark)');
  const shape = series.map(({ label, tone = 'accent' }) => `${tone} ${label}`).join('\n');
  const data = [
    times.map((time) => time / 1000),
    ...series.map(({ values }) => [...values]),
  ] as uPlot.AlignedData;
  const latest = useRef(data);
  latest.current = data;

  // biome-ignore lint/correctness/useExhaustiveDependencies: a canvas has to be drawn again in the colours of another theme.
  useEffect(() => {
    const element = place.current;
    if (element === null) return;
    const drawn = new uPlot(optionsOf(element, shape), latest.current, element);
    plot.current = drawn;
    const observer = new ResizeObserver(() => drawn.setSize({ width: element.clientWidth, height: HEIGHT }));
    observer.observe(element);
    return () => {
      observer.disconnect();
      drawn.destroy();
      plot.current = undefined;
    };
  }, [shape, theme, isSystemDark]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the values come through the reference.
  useEffect(() => {
    plot.current?.setData(latest.current);
  }, [times, series]);

  return (
    <figure className="plot">
      <div ref={place} aria-hidden="true" />
      <figcaption className="hidden-text">{summary}</figcaption>
    </figure>
  );
}

function optionsOf(element: HTMLElement, shape: string): uPlot.Options {
  const style = getComputedStyle(element);
  const colour = (name: string): string => colourOf(element, `var(--${name})`);
  const axis: uPlot.Axis = {
    stroke: colour('ink-2'),
    font: `12px ${style.fontFamily}`,
    grid: { stroke: colour('line-2'), width: 1 },
    ticks: { show: false },
  };
  return {
    width: element.clientWidth,
    height: HEIGHT,
    padding: [8, 24, 0, 0],
    legend: { show: shape.includes('\n') },
    cursor: { y: false, points: { size: 6 } },
    scales: { y: { range: (_plot, _low, high) => [0, Math.max(1, high * 1.1)] } },
    axes: [
      {
        ...axis,
        grid: { show: false },
        size: 24,
        space: 72,
        // As everywhere else: 24 hours.
        values: (_plot, splits) => splits.map(clockOf),
      },
      { ...axis, size: 40, space: 36 },
    ],
    series: [
      { value: (_plot, time) => (time === null ? '' : clockOf(time)) },
      ...shape.split('\n').map((line): uPlot.Series => {
        const [tone = 'accent', ...label] = line.split(' ');
        return {
          label: label.join(' '),
          stroke: colour(tone),
          width: 2,
          fill: shape.includes('\n') ? '' : colour(`${tone}-tint`),
          points: { show: false },
        };
      }),
    ],
  };
}

/** A canvas knows no variables and no `light-dark()`. */
function colourOf(element: HTMLElement, value: string): string {
  const probe = document.createElement('span');
  probe.style.color = value;
  element.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}

const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
const exactClock = new Intl.DateTimeFormat('en-GB', {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
});

/** Seconds only where the mark is not on a full minute. */
function clockOf(seconds: number): string {
  return seconds % 60 === 0 ? clock.format(seconds * 1000) : exactClock.format(seconds * 1000);
}
