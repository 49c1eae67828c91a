import type { ContainerDefinition } from "@aws-sdk/client-ecs";
import { logStreamOf } from "../log-stream";

/** Where a container writes its log in CloudWatch Logs. */
export interface LogSource {
  readonly container: string;
  readonly group: string;
  /** What the names of its streams begin with; the task's id follows. */
  readonly streamPrefix: string;
}

/** Where a container writes its log; a sentence when that isn't CloudWatch Logs in this region. */
function logSource(region: string, definition: ContainerDefinition): LogSource | string {
  const stream = logStreamOf(definition, "", region);
  const { name: container = "", logConfiguration } = definition;
  if (stream) return { container, group: stream.logGroupName, streamPrefix: stream.logStreamName };
  const { logDriver, options = {} } = logConfiguration ?? {};
  if (logDriver === undefined) return `${container} has no log configuration, so its output is lost.`;
  if (logDriver !== "awslogs") {
    return `${container} logs through ${logDriver}, not to CloudWatch Logs. Read its log where ${logDriver} sends it.`;
  }
  const { "awslogs-region": where = region } = options;
  return where === region
    ? `${container} has no awslogs-group or no awslogs-stream-prefix.`
    : `${container} logs to CloudWatch Logs in ${where}, not in ${region}.`;
}

/** The sources of containers, each once, and a sentence for each container that has none. */
export function logSources(
  region: string,
  containers: readonly ContainerDefinition[],
): { readonly sources: readonly LogSource[]; readonly elsewhere: readonly string[] } {
  const all = containers.map((container) => logSource(region, container));
  const sources = all.filter((one) => typeof one !== "string");
  return {
    sources: [...new Map(sources.map((one) => [`${one.group} ${one.streamPrefix}`, one])).values()],
    elsewhere: [...new Set(all.filter((one) => typeof one === "string"))],
  };
}
