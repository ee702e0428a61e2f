// Plot of the space that a store uses over time, as stacked areas. The drawing is stretched to the available width; the
// labels beside it are not. A table has the same data for people who cannot see the plot.
import type {SpacePoint} from '../api/types';
import {bytes, moment} from '../format';
import {language, t} from '../text/text';

const kinds = ['images', 'bin', 'reserved'] as const;
const width = 1000, height = 100;  // of the drawing, in its own units
const tableRows = 8;
const day = 86_400_000;  // milliseconds
const sampled = 600;  // minimum time between two measurements, in seconds

const held = (point: SpacePoint) => kinds.reduce((sum, kind) => sum + point[kind], 0);

/** Returns the end of the y axis, in bytes: the store's size, or less if the areas would be a line at the bottom. */
function topOf(points: SpacePoint[], total: number): number {
  const most = Math.max(...points.map(held), 1);
  return most >= total / 10 ? Math.max(total, most) : niceAbove(most * 1.1);
}

/** Returns the smallest round size from `value` bytes on: 1, 1.5, 2, 3, 4, 6, 8, 12, 16, … B, KiB, MiB and so on. */
function niceAbove(value: number): number {
  const unit = 1024 ** Math.floor(Math.log(value) / Math.log(1024));
  for (let power = unit; ; power *= 2)
    for (const step of [power, power * 1.5])
      if (step >= value) return step;
}

/** Splits the points at gaps in the measurements, because nothing is drawn there. `hours`: the requested span. */
function partsOf(points: SpacePoint[], hours: number): SpacePoint[][] {
  const longest = 3 * Math.max(sampled, (hours * 3600) / 300) * 1000;  // milliseconds
  const parts: SpacePoint[][] = [];
  for (const point of points) {
    const last = parts.at(-1)?.at(-1);
    if (last && Date.parse(point.time) - Date.parse(last.time) <= longest) parts.at(-1)!.push(point);
    else parts.push([point]);
  }
  return parts;
}

/** Draws the plot from `begin` to `end`, in milliseconds since 1970. `hours`: the requested span, which determines how
 * far apart the points are. */
export function SpacePlot({name, points, hours, begin, end}: {name: string; points: SpacePoint[]; hours: number;
                                                              begin: number; end: number}) {
  const last = points.at(-1);
  if (!last) return null;
  const top = topOf(points, last.total);
  const x = (point: SpacePoint) => ((Date.parse(point.time) - begin) / (end - begin)) * width;
  const y = (value: number) => height - (value / top) * height;
  const area = (part: SpacePoint[], index: number) => {
    const below = (point: SpacePoint) => kinds.slice(0, index).reduce((sum, kind) => sum + point[kind], 0);
    // A single measurement is drawn as a thin bar.
    const all = part.length > 1 ? part.map((point) => [x(point), point] as const)
      : [[x(part[0]!) - 2, part[0]!] as const, [x(part[0]!), part[0]!] as const];
    const over = all.map(([at, point]) => `${at.toFixed(1)},${y(below(point) + point[kinds[index]!]).toFixed(2)}`);
    const back = all.map(([at, point]) => `${at.toFixed(1)},${y(below(point)).toFixed(2)}`).reverse();
    return `M${[...over, ...back].join('L')}Z`;
  };
  const summary = `${name}: ${values(last)}`;
  return (
    <figure class="plot">
      <div class="plot-y" aria-hidden="true">
        <span>{bytes(top)}</span><span>{bytes(top / 2)}</span><span>0</span>
      </div>
      <svg viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none" role="img" aria-label={summary}>
        {[0, height / 2, height].map((at) => <path key={at} class="plot-line" d={`M0,${at}H${width}`} />)}
        {partsOf(points.filter((point) => Date.parse(point.time) >= begin), hours).map((part) =>
          kinds.map((kind, index) => (
            <path key={`${kind} ${part[0]!.time}`} class={`area ${kind}`} d={area(part, index)} />
          )))}
      </svg>
      <div class="plot-x" aria-hidden="true">
        {[begin, (begin + end) / 2, end].map((at) => <span key={at}>{tick(at, end - begin)}</span>)}
      </div>
      <details>
        <summary>{t('as_table')}</summary>
        <div class="table">
          <table>
            <thead>
              <tr>
                <th scope="col">{t('when')}</th>
                {kinds.map((kind) => <th key={kind} scope="col" class="number">{t(`space_${kind}`)}</th>)}
              </tr>
            </thead>
            <tbody>
              {thinned(points).map((point) => (
                <tr key={point.time}>
                  <td>{moment(point.time)}</td>
                  {kinds.map((kind) => <td key={kind} class="number">{bytes(point[kind])}</td>)}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </details>
    </figure>
  );
}

const values = (point: Pick<SpacePoint, 'images' | 'bin' | 'reserved'>) =>
  kinds.map((kind) => `${t(`space_${kind}`)} ${bytes(point[kind])}`).join(', ');

/** Returns at most `tableRows` points, spread evenly over all; newest first. */
function thinned(points: SpacePoint[]): SpacePoint[] {
  const step = Math.ceil(points.length / tableRows);
  return points.filter((_, i) => (points.length - 1 - i) % step === 0).reverse();
}

function tick(at: number, span: number): string {
  const options: Intl.DateTimeFormatOptions = span <= day ? {hour: '2-digit', minute: '2-digit'}
    : {day: 'numeric', month: 'short'};
  return new Date(at).toLocaleString(language.value, options);
}
