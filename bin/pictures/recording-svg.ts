import type { Shown } from "./screen";

const [columns, lines] = [105, 26];
/** In pixels. */
const [cellWidth, lineHeight, margin, fontSize] = [8, 18, 14, 13];
/** Seconds: a longer pause is shortened to this. The steps print how long they took. */
const longestPause = 1.5;
/** Seconds for which the end is shown, before it begins again. */
const atTheEnd = 8;

/** One Dark's colours, by the codes of a terminal. Source: https://en.wikipedia.org/wiki/ANSI_escape_code#Colors */
const foreground: Readonly<Record<number, string>> = {
  31: "#e06c75",
  32: "#98c379",
  33: "#e5c07b",
  34: "#61afef",
  35: "#c678dd",
  36: "#56b6c2",
  90: "#7f848e",
};

const escaped = (text: string) =>
  text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`).replaceAll(" ", "\u00a0");

/**
 * The recording as an SVG of its own, without a script: it plays where it is an image. Where nothing moves, it shows the end.
 *
 * @param rows what was on the screen, and when. @param ended seconds until the last line
 */
export function recordingSvg(rows: readonly Shown[], ended: number): string {
  const shortened = clockOf([...rows.flatMap(({ from, to }) => [from, to ?? ended]), ended]);
  const total = shortened(ended) + atTheEnd;
  const share = (seconds: number) => Math.round((shortened(seconds) / total) * 1e4) / 1e4;
  const duration = `dur="${total.toFixed(1)}s" repeatCount="indefinite" calcMode="discrete"`;
  const [width, height] = [columns * cellWidth + 2 * margin, lines * lineHeight + 2 * margin];
  const texts = rows.map(({ row, text, from, to }) => {
    const end = to === undefined ? "" : ";hidden";
    if (from === 0 && to === undefined) return `<text y="${(row + 1) * lineHeight - 5}">${spans(text)}</text>`;
    const times = [0, share(from), ...(to === undefined ? [] : [share(to)])].join(";");
    const animate = `<animate attributeName="visibility" values="hidden;visible${end}" keyTimes="${times}" ${duration}/>`;
    const hidden = to === undefined ? "" : ' visibility="hidden"';
    return `<text y="${(row + 1) * lineHeight - 5}"${hidden}>${spans(text)}${animate}</text>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace" font-size="${fontSize}" fill="#d7dae0">
<title>npm run demo, recorded</title>
<rect width="100%" height="100%" rx="8" fill="#21252b"/>
<svg x="${margin}" y="${margin}" width="${columns * cellWidth}" height="${lines * lineHeight}">
<g transform="translate(0 ${-scrolled(Math.max(...rows.map(({ row }) => row)))})">${scrolling(rows, share, duration)}
${texts.join("\n")}
</g></svg></svg>
`;
}

/** How far the rows are moved up when the last one is `row`. */
const scrolled = (row: number) => Math.max(0, row + 1 - lines) * lineHeight;

/** Moves the rows up as more come than fit. */
function scrolling(rows: readonly Shown[], share: (seconds: number) => number, duration: string): string {
  const steps = [{ at: 0, by: 0 }];
  for (const { row, from } of [...rows].sort((one, other) => one.from - other.from)) {
    const by = scrolled(row);
    if (by <= steps.at(-1)!.by) continue;
    if (share(from) === steps.at(-1)!.at) steps.pop();
    steps.push({ at: share(from), by });
  }
  const values = steps.map(({ by }) => `0 ${-by}`).join(";");
  const times = steps.map(({ at }) => at).join(";");
  return `<animateTransform attributeName="transform" type="translate" values="${values}" keyTimes="${times}" ${duration}/>`;
}

/** From seconds of the run to seconds of the recording. */
function clockOf(moments: readonly number[]): (seconds: number) => number {
  const sorted = [...new Set(moments)].sort((one, other) => one - other);
  const clock = new Map<number, number>();
  let [before, now] = [0, 0];
  for (const moment of sorted) {
    now += Math.min(moment - before, longestPause);
    before = moment;
    clock.set(moment, now);
  }
  return (seconds) => clock.get(seconds)!;
}

/** A line's text in its colours, cut where a terminal of this width ends. */
function spans(line: string): string {
  let left = columns;
  let style = "";

  return line.split(/\u001b\[([0-9;]*)m/).reduce((svg, part, at) => {
    if (at % 2 === 1) {
      style = styleOf(part.split(";").map(Number), style);
      return svg;
    }
    const text = [...part].slice(0, left).join("");
    left -= [...text].length;
    if (text === "") return svg;
    return svg + (style === "" ? escaped(text) : `<tspan ${style}>${escaped(text)}</tspan>`);
  }, "");
}

function styleOf(codes: readonly number[], before: string): string {
  return codes.reduce((style, code) => {
    if (code === 1) return 'font-weight="bold"';
    if (code === 2) return 'fill="#9da5b4"';
    return foreground[code] ? `fill="${foreground[code]}"` : [0, 22, 39].includes(code) ? "" : style;
  }, before);
}
