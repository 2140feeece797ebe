import { html, type Markup } from "../html/html.ts";
import type { Drawing, PlacedEdge, PlacedNode } from "./layout.ts";
import { fitText } from "./text-width.ts";

/** How a drawing is spelt. */
export interface SvgOptions {
  /** Its name for readers who do not see it. */
  readonly title: string;
  /** Whether lines show their label. */
  readonly labels?: boolean;
  /** Gives the id within the page that a thing leads to. */
  readonly target?: (node: PlacedNode) => string | undefined;
  /** For a file of its own: namespace and colours inside. */
  readonly standalone?: boolean;
  /** Says how many things a block holds. */
  readonly count?: (count: number) => string;
}

/** Draws a placed graph as SVG. Every text of it is escaped. */
export function drawSvg(drawing: Drawing, options: SvgOptions): Markup {
  const { width, height } = drawing;
  const blocks = drawing.blocks.map(
    ({ box, count }) =>
      html`<g class="block"><rect x="${box.x}" y="${box.y}" width="${box.width}" height="${box.height}" rx="10"/><text x="${box.x + 12}" y="${box.y + 16}">${options.count?.(count) ?? `× ${count}`}</text></g>`,
  );
  const body = html`<title>${options.title}</title>${ICONS}${blocks}<g class="wires">${drawing.edges.map((edge) => drawEdge(edge, options))}</g>${drawing.nodes.map((node) => drawNode(node, options))}`;
  if (options.standalone !== true) {
    return html`<svg class="topo ${width <= FITS ? "fit" : "wide"}" role="img" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">${body}</svg>`;
  }
  return html`<svg xmlns="http://www.w3.org/2000/svg" class="topo" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">${STYLE}${body}</svg>
`;
}

/** Up to this width, in pixels, a drawing may be made smaller to fit the page and still be read. */
const FITS = 1400;

function drawEdge(edge: PlacedEdge, options: SvgOptions): Markup {
  const kind = edge.cables > 1 ? (edge.bundled ? "wire bundle" : "wire many") : "wire";
  const title = edge.label === "" ? undefined : html`<title>${edge.label}</title>`;
  const arrow = options.labels === true ? arrowAt(edge) : undefined;
  const label =
    options.labels === true && edge.labelAt
      ? html`<text class="label" x="${edge.labelAt[0] + 4}" y="${edge.labelAt[1]}">${edge.label}</text>`
      : undefined;
  return html`<path class="${kind}" d="${roundedPath(edge.points)}">${title}</path>${arrow}${label}`;
}

/** A small head where a line ends. */
function arrowAt({ points }: PlacedEdge): Markup | undefined {
  const [x, y] = points.at(-1) ?? [];
  const [fromX = 0] = points.at(-2) ?? [];
  if (x === undefined || y === undefined) return undefined;
  const back = x >= fromX ? -7 : 7;
  return html`<path class="head" d="M${x} ${y}l${back} -4v8z"/>`;
}

const CORNER = 7;

/** A line through points with its corners rounded off. */
function roundedPath(points: readonly (readonly [number, number])[]): string {
  const [first, ...rest] = points;
  if (first === undefined) return "";
  const parts = [`M${first[0]} ${first[1]}`];
  for (const [index, point] of rest.entries()) {
    const before = points[index] ?? point;
    const after = rest[index + 1];
    if (after === undefined) {
      parts.push(`L${point[0]} ${point[1]}`);
      continue;
    }
    const [inX, inY] = towards(point, before);
    const [outX, outY] = towards(point, after);
    parts.push(`L${inX} ${inY}Q${point[0]} ${point[1]} ${outX} ${outY}`);
  }
  return parts.join("");
}

/** The point on the way to `to` where the corner begins. */
function towards(at: readonly [number, number], to: readonly [number, number]): readonly [number, number] {
  const [dx, dy] = [to[0] - at[0], to[1] - at[1]];
  const length = Math.hypot(dx, dy);
  if (length === 0) return at;
  const part = Math.min(CORNER, length / 2) / length;
  return [tenth(at[0] + dx * part), tenth(at[1] + dy * part)];
}

function tenth(value: number): number {
  return Math.round(value * 10) / 10;
}

function drawNode(node: PlacedNode, options: SvgOptions): Markup {
  const { x, y, width, height } = node.box;
  const room = width - 46;
  const zone = node.kind === "zone";
  const left = zone ? 14 : 38;
  const icon = zone
    ? undefined
    : html`<use href="#icon-${node.kind}" x="${x + 11}" y="${y + 14}" width="18" height="18"/>`;
  const inner = html`<title>${node.label} ${node.detail}</title><rect x="${x}" y="${y}" width="${width}" height="${height}" rx="8"/>${icon}<text class="name" x="${x + left}" y="${y + 20}">${fitText(node.label, 13, room)}</text><text class="sub" x="${x + left}" y="${y + 35}">${fitText(node.detail, 11, room)}</text>`;
  const target = options.target?.(node);
  if (target === undefined) return html`<g class="node ${node.kind}">${inner}</g>`;
  return html`<a class="node ${node.kind}" href="#${target}">${inner}</a>`;
}

/** Drawn with strokes of the current colour, 24 by 24. */
const ICONS = html`<defs>
<symbol id="icon-outside" viewBox="0 0 24 24"><circle cx="12" cy="12" r="9"/><path d="M3 12h18M12 3c3 3 3.5 6 3.5 9s-.5 6-3.5 9c-3-3-3.5-6-3.5-9s.5-6 3.5-9"/></symbol>
<symbol id="icon-firewall" viewBox="0 0 24 24"><rect x="3" y="4" width="18" height="16" rx="2"/><path d="M3 9.5h18M3 14.5h18M9 4v5.5M15 9.5v5M9 14.5V20"/></symbol>
<symbol id="icon-router" viewBox="0 0 24 24"><circle cx="12" cy="12" r="9"/><path d="M12 10V5.5m-2 2 2-2 2 2M12 14v4.500m-2-2 2 2 2-2M10 12H5.500m2-2-2 2 2 2M14 12h4.500m-2-2 2 2-2 2"/></symbol>
<symbol id="icon-switch" viewBox="0 0 24 24"><rect x="2.500" y="6" width="19" height="12" rx="2"/><path d="M6 10h8m-2-2 2 2-2 2M18 14h-8m2-2-2 2 2 2"/></symbol>
<symbol id="icon-server" viewBox="0 0 24 24"><rect x="4" y="3.500" width="16" height="7" rx="2"/><rect x="4" y="13.500" width="16" height="7" rx="2"/><path d="M8 7h.01M8 17h.01"/></symbol>
</defs>`;

const STYLE = html`<style>
.topo{--ink:#1d2939;--soft:#667085;--line:#d0d5dd;--card:#fff;--wash:#f6f7f9;--wire:#98a2b3;--accent:#2f6f8f;background:var(--card);font-family:system-ui,"Noto Sans","Noto Sans CJK SC","PingFang SC","Microsoft YaHei",sans-serif}
@media(prefers-color-scheme:dark){.topo{--ink:#e6e9ee;--soft:#98a2b3;--line:#344054;--card:#161b22;--wash:#1c222b;--wire:#667085;--accent:#7cb7d4}}
.topo .node rect{fill:var(--card);stroke:var(--line)}.topo .firewall rect,.topo .router rect{stroke:var(--accent)}.topo .outside rect,.topo .block rect{fill:var(--wash);stroke:var(--line)}
.topo symbol,.topo use{fill:none;stroke:var(--accent);stroke-width:1.6;stroke-linecap:round;stroke-linejoin:round}
.topo text{fill:var(--ink);font-size:13px}.topo .name{font-weight:600}.topo .sub,.topo .block text,.topo .label{fill:var(--soft);font-size:11px}
.topo .wire{fill:none;stroke:var(--wire);stroke-width:1.5}.topo .bundle{stroke-width:4;stroke:var(--accent);opacity:.55}.topo .many{stroke-width:3}.topo .head{fill:var(--wire)}
</style>`;
