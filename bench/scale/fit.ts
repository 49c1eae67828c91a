/** A curve `a·nᵖ` through measured points. */
export interface Fit {
  readonly factor: number;
  readonly power: number;
  /** Share, 0 to 1, of the points' spread (in logarithms) that the curve explains. */
  readonly r2: number;
}

/** The least squares in logarithms: relative errors count alike at small and large sizes. @throws RangeError with fewer than two sizes */
export function powerFit(points: readonly (readonly [n: number, value: number])[]): Fit {
  const logs = points.map(([n, value]) => [Math.log(n), Math.log(value)] as const);
  const mean = (of: (point: readonly [number, number]) => number) =>
    logs.reduce((sum, point) => sum + of(point), 0) / logs.length;
  const [meanX, meanY] = [mean(([x]) => x), mean(([, y]) => y)];
  const sxx = mean(([x]) => (x - meanX) ** 2);
  if (!(sxx > 0)) throw new RangeError("A fit needs at least two sizes.");
  const power = mean(([x, y]) => (x - meanX) * (y - meanY)) / sxx;
  const intercept = meanY - power * meanX;
  const syy = mean(([, y]) => (y - meanY) ** 2);
  const residual = mean(([x, y]) => (y - intercept - power * x) ** 2);
  return { factor: Math.exp(intercept), power, r2: syy === 0 ? 1 : 1 - residual / syy };
}

export const valueAt = ({ factor, power }: Fit, n: number): number => factor * n ** power;

/** Such as `0.0021·n^1.9 (R² 0.98)`. */
export const formula = ({ factor, power, r2 }: Fit): string =>
  `${Number(factor.toPrecision(2))}·n^${power.toFixed(1)} (R² ${r2.toFixed(2)})`;
