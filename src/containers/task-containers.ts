import { type PortRange, showPorts } from "../aws/network/ports";
import { initContainerName, logRouterName } from "./node-container";

/** Source: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDependency.html */
export const dependencyConditions = ["START", "COMPLETE", "SUCCESS", "HEALTHY"] as const;
export type DependencyCondition = (typeof dependencyConditions)[number];

/**
 * Paths that must stay writable under a read-only root: ECS Exec's agent keeps its state and logs in the first two, and a
 * release writes its rendered configuration to `/tmp`.
 * Source: https://github.com/aws/containers-roadmap/issues/1359
 */
export const writableVolumes: Readonly<Record<string, string>> = {
  "ssm-agent-state": "/var/lib/amazon",
  "ssm-agent-log": "/var/log/amazon",
  tmp: "/tmp",
};

type Parts<Value> = Readonly<Record<string, Value | undefined>>;

interface MountParts {
  readonly path?: string | undefined;
}

/** What the checks read of a container next to the node; `undefined` where a value is wrong. */
export interface SidecarParts {
  readonly essential?: boolean | undefined;
  readonly dependsOn?: Parts<DependencyCondition> | undefined;
  readonly healthCheck?: object | undefined;
  readonly ports?: readonly (number | undefined)[] | undefined;
  readonly cpu?: number | undefined;
  readonly memory?: number | undefined;
  readonly mounts?: Parts<MountParts> | undefined;
}

/** What the checks read of a service. */
export interface TaskParts {
  readonly cpu?: number | undefined;
  readonly memory?: number | undefined;
  readonly httpPort?: number | undefined;
  readonly healthCheck?: object | false | undefined;
  readonly readonlyRootFilesystem?: boolean | undefined;
  readonly dependsOn?: Parts<DependencyCondition> | undefined;
  readonly sidecars?: Parts<SidecarParts> | undefined;
  readonly volumes?: Parts<{ readonly mount?: MountParts | undefined }> | undefined;
  /** MiB that the log router may use. */
  readonly routerMemory?: number | undefined;
}

/** Something wrong with a task's containers: a path inside the service, what is there, and what is allowed. */
export interface WrongContainer {
  readonly path: readonly string[];
  readonly found?: string;
  readonly allowed: string;
}

/** @param distributionPorts where the service's node listens for others */
export function wrongContainers(
  service: string,
  task: TaskParts,
  distributionPorts: readonly PortRange[],
): WrongContainer[] {
  return [
    ...takenNames(service, task),
    ...impossibleDependencies(service, task),
    ...tooLarge(task),
    ...takenPorts(task, distributionPorts),
    ...wrongMounts(task),
  ];
}

const sidecarsOf = ({ sidecars = {} }: TaskParts): [string, SidecarParts][] =>
  Object.entries(sidecars).flatMap(([name, sidecar]) => (sidecar ? [[name, sidecar]] : []));

function takenNames(service: string, { sidecars = {} }: TaskParts): WrongContainer[] {
  const own = new Map([
    [service, "the node's container"],
    [initContainerName(service), "the container of beforeStart"],
    [logRouterName(service), "the log router"],
  ]);
  return Object.keys(sidecars)
    .filter((name) => own.has(name))
    .map((name) => ({
      path: ["sidecars", name],
      found: `"${name}" as a name`,
      allowed: `another name: ${own.get(name)} has this one`,
    }));
}

interface Waiting {
  readonly name: string;
  readonly path: readonly string[];
  readonly essential: boolean;
  readonly checked: boolean;
  readonly dependsOn: Parts<DependencyCondition>;
}

function impossibleDependencies(service: string, task: TaskParts): WrongContainer[] {
  const all: Waiting[] = [
    {
      name: service,
      path: ["dependsOn"],
      essential: true,
      checked: Boolean(task.healthCheck),
      dependsOn: task.dependsOn ?? {},
    },
    ...sidecarsOf(task).map(([name, { essential = false, healthCheck, dependsOn = {} }]) => ({
      name,
      path: ["sidecars", name, "dependsOn"],
      essential,
      checked: healthCheck !== undefined,
      dependsOn,
    })),
  ];
  const wrong = all.flatMap((container) =>
    Object.entries(container.dependsOn).flatMap(([other, condition]) => impossible(container, other, condition, all)),
  );
  const circle = all.find(({ name }) => neededBy(name, all).has(name));
  if (wrong.length > 0 || !circle) return wrong;
  const names = all.filter(({ name }) => neededBy(name, all).has(name)).map(({ name }) => name);
  return [
    {
      path: circle.path,
      found: `a circle of ${names.join(", ")}`,
      allowed: "dependencies in one direction: each of these waits for another one",
    },
  ];
}

function impossible(
  { name, path }: Waiting,
  other: string,
  condition: DependencyCondition | undefined,
  all: readonly Waiting[],
): WrongContainer[] {
  const place = [...path, other];
  const found = all.find((container) => container.name === other && other !== name);
  if (!found) {
    const others = all.flatMap((container) => (container.name === name ? [] : [container.name]));
    const allowed =
      others.length > 0 ? `other containers of the task: ${others.join(", ")}` : "nothing: the task has no sidecars";
    return [{ path: place, found: `"${other}" as a container`, allowed }];
  }
  if (condition === "HEALTHY" && !found.checked)
    return [{ path: place, allowed: `START, COMPLETE or SUCCESS: ${other} has no health check` }];
  if ((condition === "COMPLETE" || condition === "SUCCESS") && found.essential)
    return [{ path: place, allowed: `START or HEALTHY: ${other} is essential, and its end would end the task` }];
  return [];
}

/** Names of all containers that one waits for, directly or not. */
function neededBy(name: string, all: readonly Waiting[]): ReadonlySet<string> {
  const found = new Set<string>();
  const next = [name];
  for (let current = next.pop(); current !== undefined; current = next.pop()) {
    for (const other of Object.keys(all.find((each) => each.name === current)?.dependsOn ?? {})) {
      if (!found.has(other)) next.push(other);
      found.add(other);
    }
  }
  return found;
}

/** Source: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html */
function tooLarge(task: TaskParts): WrongContainer[] {
  const router = task.routerMemory ?? 0;
  const sum = (of: "cpu" | "memory") =>
    sidecarsOf(task).reduce((total, [, sidecar]) => total + (sidecar[of] ?? 0), of === "memory" ? router : 0);
  return (["cpu", "memory"] as const).flatMap((of) => {
    const [whole, reserved] = [task[of], sum(of)];
    if (whole === undefined || reserved < whole) return [];
    const unit = of === "cpu" ? "CPU units" : "MiB";
    return [
      {
        path: [of],
        allowed: `more than ${reserved} (${unit}), which the containers next to the node reserve: the node needs its own`,
      },
    ];
  });
}

function takenPorts(task: TaskParts, distributionPorts: readonly PortRange[]): WrongContainer[] {
  const taken = [
    ...(task.httpPort === undefined ? [] : [{ by: "HTTP", from: task.httpPort, to: task.httpPort }]),
    ...distributionPorts.map((range) => ({ by: "Erlang distribution", ...range })),
  ];
  return sidecarsOf(task).flatMap(([name, { ports = [] }]) =>
    ports.flatMap((port, index) => {
      if (port === undefined) return [];
      const first = taken.find(({ from, to }) => from <= port && port <= to);
      taken.push({ by: `the sidecar ${name}`, from: port, to: port });
      if (!first) return [];
      const allowed = `a port that no other container of the task listens on: ${first.by} has ${showPorts(first)}`;
      return [{ path: ["sidecars", name, "ports", String(index)], allowed }];
    }),
  );
}

function wrongMounts(task: TaskParts): WrongContainer[] {
  const { volumes = {}, readonlyRootFilesystem = false } = task;
  const own = Object.keys(writableVolumes);
  const mounted = new Set(sidecarsOf(task).flatMap(([, { mounts = {} }]) => Object.keys(mounts)));
  const nodePaths = new Map(
    readonlyRootFilesystem ? Object.entries(writableVolumes).map(([name, path]) => [path, name]) : [],
  );
  return [
    ...Object.entries(volumes).flatMap(([name, volume]): WrongContainer[] => {
      const path = ["volumes", name];
      if (own.includes(name))
        return [
          {
            path,
            found: `"${name}" as a name`,
            allowed: `a name other than ${own.join(", ")}, the node's own volumes`,
          },
        ];
      if (volume && !volume.mount && !mounted.has(name))
        return [{ path, found: "no container that has it", allowed: "a mount here, or mounts of a sidecar" }];
      return samePath(nodePaths, name, volume?.mount, [...path, "mount", "path"]);
    }),
    ...sidecarsOf(task).flatMap(([sidecar, { mounts = {} }]) => {
      const paths = new Map<string, string>();
      return Object.entries(mounts).flatMap(([name, mount]): WrongContainer[] => {
        const path = ["sidecars", sidecar, "mounts", name];
        if (Object.hasOwn(volumes, name)) return samePath(paths, name, mount, [...path, "path"]);
        const names = Object.keys(volumes);
        const allowed =
          names.length > 0 ? `a volume of the service: ${names.join(", ")}` : "nothing: the service has no volumes";
        return [{ path, found: `"${name}" as a volume`, allowed }];
      });
    }),
  ];
}

/** @param paths the container's paths so far, each with its volume */
function samePath(
  paths: Map<string, string>,
  volume: string,
  mount: MountParts | undefined,
  place: readonly string[],
): WrongContainer[] {
  const path = mount?.path?.replace(/\/+$/, "");
  if (path === undefined) return [];
  const first = paths.get(path);
  paths.set(path, volume);
  return first === undefined ? [] : [{ path: place, allowed: `another path: the volume ${first} is there` }];
}
