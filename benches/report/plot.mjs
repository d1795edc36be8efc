/** Draws a small plot with logarithmic axes as SVG. It is legible on light and on dark pages: see `STYLE`. */
const [WIDTH, HEIGHT] = [720, 420];
const [LEFT, RIGHT, TOP, BOTTOM] = [84, 170, 24, 52];
const STYLE = `
  text { font: 13px system-ui, sans-serif; fill: #24292f; }
  .grid { stroke: #d0d7de; stroke-width: 1; }
  .c0 { --c: #0550ae; } .c1 { --c: #bc4c00; } .c2 { --c: #116329; } .c3 { --c: #8250df; }
  .line { fill: none; stroke: var(--c); stroke-width: 2; } .dot { fill: var(--c); } text.name { fill: var(--c); }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3; } .grid { stroke: #444c56; }
    .c0 { --c: #79c0ff; } .c1 { --c: #ffa657; } .c2 { --c: #7ee787; } .c3 { --c: #d2a8ff; }
  }`;

const escape = (text) => text.replace(/&/g, '&amp;').replace(/</g, '&lt;');
const grouped = (number) => number.toLocaleString('en');

/** The powers of ten from below the least to above the greatest. @param {number[]} values */
function decades(values) {
  const [from, to] = [Math.floor(Math.log10(Math.min(...values))), Math.ceil(Math.log10(Math.max(...values)))];
  return Array.from({ length: Math.max(to - from, 1) + 1 }, (_, at) => 10 ** (from + at));
}

/** @param {number} bytes */
const size = (bytes) => (bytes < 1e3 ? `${bytes} B` : bytes < 1e6 ? `${bytes / 1e3} kB` : bytes < 1e9 ? `${bytes / 1e6} MB` : `${bytes / 1e9} GB`);

/** @param {{ title: string, x: string, y: string, series: { name: string, points: [number, number][] }[] }} plot */
export function plot({ title, x, y, series }) {
  const points = series.flatMap(({ points }) => points);
  const [columns, rows] = [decades(points.map(([at]) => at)), decades(points.map(([, value]) => value))];
  const scale = (ticks, from, to) => (value) => {
    const [low, high] = [Math.log10(ticks[0]), Math.log10(ticks.at(-1))];
    return from + ((Math.log10(value) - low) / (high - low)) * (to - from);
  };
  const [px, py] = [scale(columns, LEFT, WIDTH - RIGHT), scale(rows, HEIGHT - BOTTOM, TOP)];
  const fixed = (number) => number.toFixed(1);
  const parts = [`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${escape(title)}">`];
  parts.push(`<title>${escape(title)}</title>`, `<style>${STYLE}\n</style>`);
  for (const at of columns) {
    parts.push(`<path class="grid" d="M${fixed(px(at))} ${TOP}V${HEIGHT - BOTTOM}"/>`);
    parts.push(`<text x="${fixed(px(at))}" y="${HEIGHT - BOTTOM + 20}" text-anchor="middle">${grouped(at)}</text>`);
  }
  for (const at of rows) {
    parts.push(`<path class="grid" d="M${LEFT} ${fixed(py(at))}H${WIDTH - RIGHT}"/>`);
    parts.push(`<text x="${LEFT - 8}" y="${fixed(py(at) + 4)}" text-anchor="end">${size(at)}</text>`);
  }
  // Names beside the ends of their lines, moved apart where these lie close together.
  let last = -Infinity;
  const ends = series.map(({ points }, at) => ({ at, y: py(points.at(-1)[1]) })).sort((one, other) => one.y - other.y);
  for (const end of ends) last = end.y = Math.max(end.y, last + 17);
  for (const { at, y } of ends) {
    const { name, points } = series[at];
    const places = points.map(([one, value]) => [fixed(px(one)), fixed(py(value))]);
    parts.push(`<g class="c${at}"><path class="line" d="M${places.map((place) => place.join(' ')).join('L')}"/>`);
    parts.push(...places.map(([one, other]) => `<circle class="dot" cx="${one}" cy="${other}" r="3"/>`));
    parts.push(`<text class="name" x="${WIDTH - RIGHT + 10}" y="${fixed(y + 4)}">${escape(name)}</text></g>`);
  }
  parts.push(`<text x="${(LEFT + WIDTH - RIGHT) / 2}" y="${HEIGHT - 10}" text-anchor="middle">${escape(x)}</text>`);
  parts.push(`<text x="${LEFT}" y="14">${escape(y)}</text>`, '</svg>', '');
  return parts.join('\n');
}
