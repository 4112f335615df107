// Where passages stand on the screen, line by line, and the curve from one to another.

/**
 * The lines of a span, in the coordinates of the scrolled text; a line that is set in several pieces is one.
 * @returns {{left: number, top: number, width: number, height: number}[]}
 */
export function linesOf(reader, { start, end }) {
  const frame = reader.el.getBoundingClientRect();
  const [x, y] = [reader.el.scrollLeft - frame.left - reader.el.clientLeft, reader.el.scrollTop - frame.top - reader.el.clientTop];
  const lines = [];
  for (const { left, right, top, bottom, width } of reader.domRange(start, end).getClientRects()) {
    if (!width) continue;
    const last = lines.at(-1);
    if (last && Math.min(bottom, last.bottom) - Math.max(top, last.top) > (bottom - top) / 2) {
      [last.left, last.right] = [Math.min(last.left, left), Math.max(last.right, right)];
      [last.top, last.bottom] = [Math.min(last.top, top), Math.max(last.bottom, bottom)];
    } else lines.push({ left, right, top, bottom });
  }
  return lines.map(({ left, right, top, bottom }) => ({ left: left + x, top: top + y, width: right - left, height: bottom - top }));
}

/**
 * A curve between two passages: from line to line where they stand below one another, else an arch over the line.
 * @returns {{path: string, ends: [number, number][]}}
 */
export function bend(from, to) {
  const centre = ({ left, width }) => left + Math.min(width / 2, 80);
  const below = to[0].top > from.at(-1).top + from.at(-1).height / 2;
  const above = from[0].top > to.at(-1).top + to.at(-1).height / 2;
  const [a, b] = below ? [from.at(-1), to[0]] : above ? [from[0], to.at(-1)] : [from[0], to[0]];
  const [x, u] = [centre(a), centre(b)];
  if (!below && !above) {
    const [y, v] = [a.top, b.top];
    const peak = Math.min(y, v) - Math.min(22, 8 + Math.abs(u - x) / 12);
    return { path: `M ${x} ${y} C ${x} ${peak} ${u} ${peak} ${u} ${v}`, ends: [[x, y], [u, v]] };
  }
  const [y, v] = below ? [a.top + a.height, b.top] : [a.top, b.top + b.height];
  const middle = (y + v) / 2;
  return { path: `M ${x} ${y} C ${x} ${middle} ${u} ${middle} ${u} ${v}`, ends: [[x, y], [u, v]] };
}
