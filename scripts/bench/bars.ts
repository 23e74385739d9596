/** A plot of bars with a range. */
export interface Bars {
  readonly title: string;
  readonly unit: string;
  readonly rows: readonly {
    readonly name: string;
    readonly value: number;
    readonly from: number;
    readonly to: number;
  }[];
}

const WIDTH = 760;
const BAR = 22;
const [LEFT, RIGHT, TOP] = [270, 90, 40];

/** Draws bars from zero, with a line from the lowest to the highest value, as SVG without fonts or styles of its own. */
export function bars({ title, unit, rows }: Bars): string {
  const most = Math.max(...rows.map(({ to }) => to));
  const at = (value: number): number => LEFT + Math.round((value / most) * (WIDTH - LEFT - RIGHT));
  const height = TOP + rows.length * BAR + 16;
  const parts = rows.map(({ name, value, from, to }, row) => {
    const y = TOP + row * BAR;
    const middle = y + BAR / 2 - 2;
    // The first row is what the others are compared with.
    const color = row === 0 ? '#0072b2' : '#999';
    return `<text x="${LEFT - 8}" y="${y + 14}" text-anchor="end">${xmlText(name)}</text>
<rect x="${LEFT}" y="${y}" width="${Math.max(1, at(value) - LEFT)}" height="${BAR - 5}" fill="${color}"/>
<line x1="${at(from)}" x2="${at(to)}" y1="${middle}" y2="${middle}" stroke="#000"/>
<text x="${at(to) + 6}" y="${y + 14}">${shown(value)} ${xmlText(unit)}</text>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" font-family="sans-serif" font-size="12" role="img" aria-label="${xmlText(title)}">
<rect width="${WIDTH}" height="${height}" fill="#fff"/>
<text x="16" y="24" font-size="16" font-weight="bold">${xmlText(title)}</text>
${parts.join('\n')}
</svg>
`;
}

const shown = (value: number): string => value.toLocaleString('en-US', { maximumSignificantDigits: 3 });

/** Text as XML. */
export function xmlText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
