/**
 * QR codes for paper, each beside the address that it holds: that of a public page, which says nothing of who asked. The page asks for
 * this script when somebody prints, and nobody else needs it; without it paper has the address alone.
 */
import { correction, generate } from 'lean-qr';

const SVG = 'http://www.w3.org/2000/svg';
/** The light border that scanners need, in modules. */
const MARGIN = 4;
/** Some 3 cm on paper. */
const SIZE = '120';

/** @param {string} name @param {Record<string, string>} attributes */
function svg(name, attributes) {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
}

/** @param {string} address */
function codeOf(address) {
  const code = generate(address, { minCorrectionLevel: correction.M });
  let path = '';
  for (let y = 0; y < code.size; y++) {
    for (let x = 0; x < code.size; x++) if (code.get(x, y)) path += `M${x} ${y}h1v1h-1z`;
  }
  const [from, side] = [String(-MARGIN), String(code.size + 2 * MARGIN)];
  const picture = svg('svg', { width: SIZE, height: SIZE, viewBox: `${from} ${from} ${side} ${side}`, 'aria-hidden': 'true' });
  picture.append(
    svg('rect', { x: from, y: from, width: side, height: side, fill: '#fff' }),
    svg('path', { d: path, fill: '#000', 'shape-rendering': 'crispEdges' }),
  );
  return picture;
}

/** @param {ParentNode} root */
export function addCodes(root) {
  for (const line of root.querySelectorAll('.paper')) {
    if (!line.querySelector('svg')) line.append(document.createElement('br'), codeOf(line.textContent ?? ''));
  }
}
