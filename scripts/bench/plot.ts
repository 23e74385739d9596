import { xmlText } from './bars.ts';

/** A plot of lines on two logarithmic axes. */
export interface Plot {
  readonly title: string;
  readonly x: string;
  readonly y: string;
  readonly lines: readonly {
    readonly name: string;
    readonly points: readonly (readonly [x: number, y: number])[];
  }[];
}

const HEIGHT = 380;
const AREA = { left: 80, top: 40, width: 440, height: 280 };
/** From the area to the names of the lines, and the width of a character of theirs, which depends on the reader's font. */
const LEGEND = { gap: 40, character: 7 };

/** Colors that people tell apart who see fewer of them (Okabe and Ito). */
const COLORS = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9', '#000000'];

/** Lines beyond the colors have them again, dashed. */
const dashed = (line: number): string => (line < COLORS.length ? '' : ' stroke-dasharray="6 4"');

/** Draws it as SVG, without fonts or styles of its own. */
export function plot({ title, x, y, lines }: Plot): string {
  const points = lines.flatMap((line) => line.points);
  const [xs, ys] = [points.map(([at]) => at), points.map(([, at]) => at)];
  const across = scale(xs, AREA.left, AREA.left + AREA.width);
  const up = scale(ys, AREA.top + AREA.height, AREA.top);
  const longest = Math.max(...lines.map(({ name }) => name.length));
  const width = AREA.left + AREA.width + LEGEND.gap + longest * LEGEND.character;
  const parts = [
    `<text x="${AREA.left}" y="24" font-size="16" font-weight="bold">${xmlText(title)}</text>`,
    ...across.ticks.map(
      (tick) =>
        `<line x1="${across.at(tick)}" x2="${across.at(tick)}" y1="${AREA.top}" y2="${AREA.top + AREA.height}" stroke="#ddd"/>` +
        `<text x="${across.at(tick)}" y="${AREA.top + AREA.height + 18}" text-anchor="middle">${tick.toLocaleString('en-US')}</text>`,
    ),
    ...up.ticks.map(
      (tick) =>
        `<line x1="${AREA.left}" x2="${AREA.left + AREA.width}" y1="${up.at(tick)}" y2="${up.at(tick)}" stroke="#ddd"/>` +
        `<text x="${AREA.left - 8}" y="${up.at(tick) + 4}" text-anchor="end">${tick.toLocaleString('en-US')} ${xmlText(y)}</text>`,
    ),
    `<text x="${AREA.left + AREA.width / 2}" y="${HEIGHT - 16}" text-anchor="middle">${xmlText(x)}</text>`,
    ...lines.map((line, index) => {
      const color = COLORS[index % COLORS.length];
      const path = line.points.map(([a, b]) => `${across.at(a)},${up.at(b)}`).join(' ');
      const dots = line.points
        .map(([a, b]) => `<circle cx="${across.at(a)}" cy="${up.at(b)}" r="3"/>`)
        .join('');
      const legend = AREA.top + 12 + index * 20;
      return (
        `<g stroke="${color}" fill="${color}"><polyline points="${path}" fill="none" stroke-width="2"${dashed(index)}/>${dots}` +
        `<line x1="${AREA.left + AREA.width + 16}" x2="${AREA.left + AREA.width + 34}" y1="${legend - 4}" y2="${legend - 4}" stroke-width="3"${dashed(index)}/></g>` +
        `<text x="${AREA.left + AREA.width + LEGEND.gap}" y="${legend}">${xmlText(line.name)}</text>`
      );
    }),
  ];
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${HEIGHT}" font-family="sans-serif" font-size="12" role="img" aria-label="${xmlText(title)}">
<rect width="${width}" height="${HEIGHT}" fill="#fff"/>
${parts.join('\n')}
</svg>
`;
}

/** A logarithmic scale over whole powers of ten. */
function scale(values: readonly number[], from: number, to: number) {
  const low = Math.floor(Math.log10(Math.min(...values)));
  const high = Math.max(low + 1, Math.ceil(Math.log10(Math.max(...values))));
  return {
    ticks: Array.from({ length: high - low + 1 }, (_, step) => 10 ** (low + step)),
    at: (value: number) => Math.round(from + ((Math.log10(value) - low) / (high - low)) * (to - from)),
  };
}
