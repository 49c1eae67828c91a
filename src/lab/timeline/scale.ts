import { label, round } from "./svg";

/** Units of the drawing: where lanes begin and end. */
export const left = 250;
export const right = 1180;

/** From a moment to its place. */
export interface TimeScale {
  readonly from: number;
  readonly to: number;
  x(at: number): number;
}

export function timeScale(from: number, to: number): TimeScale {
  const span = Math.max(1, to - from);
  return { from, to, x: (at) => round(left + ((Math.min(Math.max(at, from), to) - from) / span) * (right - left)) };
}

/** Seconds between two lines: the least of these that gives ten lines or fewer. */
const steps = [0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1800, 3600];

/** Lines through the whole height with the time above them. */
export function timeGrid({ from, to, x }: TimeScale, height: number): string {
  const span = (to - from) / 1000;
  const step = steps.find((each) => span / each <= 10) ?? Math.ceil(span / 10);
  const count = Math.floor(span / step);
  return Array.from({ length: count + 1 }, (_, index) => {
    const at = x(from + index * step * 1000);
    const text = `${Number((index * step).toFixed(1))} s`;
    return `<path class="grid" d="M${at} 20V${height}"/>${label(at, 13, text, "time")}`;
  }).join("");
}
