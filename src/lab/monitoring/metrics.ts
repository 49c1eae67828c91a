/** A metric: its name with its namespace and the values of its dimensions. */
export interface Metric {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
}

/** A metric as one text. */
export const metricId = ({ namespace, name, dimensions }: Metric): string =>
  JSON.stringify([namespace, name, Object.entries(dimensions).sort(([a], [b]) => (a < b ? -1 : 1))]);

/** One value that was reported. `at` is milliseconds since 1970. */
interface Sample {
  readonly at: number;
  readonly value: number;
}

type Json = Readonly<Record<string, unknown>>;

/**
 * The values in a line of CloudWatch's embedded metric format; none in any other line, such as one with a prefix.
 * Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export function reportedIn(line: string): { metric: Metric; sample: Sample }[] {
  const document = parsed(line);
  const header = document?.["_aws"] as { Timestamp: number; CloudWatchMetrics: Directive[] } | undefined;
  if (!document || !header) return [];
  return header.CloudWatchMetrics.flatMap(({ Namespace: namespace, Dimensions, Metrics }) =>
    Dimensions.flatMap((names) => {
      const dimensions = Object.fromEntries(names.map((name) => [name, String(document[name])]));
      return Metrics.map(({ Name: name }) => ({
        metric: { namespace, name, dimensions },
        sample: { at: header.Timestamp, value: Number(document[name]) },
      }));
    }),
  );
}

interface Directive {
  readonly Namespace: string;
  readonly Dimensions: readonly (readonly string[])[];
  readonly Metrics: readonly { readonly Name: string }[];
}

function parsed(line: string): Json | undefined {
  if (!line.startsWith("{")) return undefined;
  try {
    return JSON.parse(line) as Json;
  } catch {
    return undefined;
  }
}

export type Statistic = "Average" | "Maximum" | "Minimum" | "SampleCount" | "Sum";

/** Values that were reported, by metric. */
export class ReportedMetrics {
  readonly #samples = new Map<string, Sample[]>();

  take(line: string): void {
    for (const { metric, sample } of reportedIn(line)) {
      const id = metricId(metric);
      const samples = this.#samples.get(id) ?? [];
      samples.push(sample);
      this.#samples.set(id, samples);
    }
  }

  /** Forgets the values from before a time, which no alarm reads any more. */
  forget(before: number): void {
    for (const [id, samples] of this.#samples) {
      this.#samples.set(
        id,
        samples.filter(({ at }) => at >= before),
      );
    }
  }

  /** A statistic of the values from `from` to before `to`; `undefined` where there are none. */
  statistic(metric: Metric, statistic: Statistic, from: number, to: number): number | undefined {
    const samples = this.#samples.get(metricId(metric)) ?? [];
    const values = samples.flatMap(({ at, value }) => (at >= from && at < to ? [value] : []));
    if (values.length === 0) return undefined;
    const sum = values.reduce((total, value) => total + value, 0);
    return {
      Average: sum / values.length,
      Maximum: Math.max(...values),
      Minimum: Math.min(...values),
      SampleCount: values.length,
      Sum: sum,
    }[statistic];
  }
}
