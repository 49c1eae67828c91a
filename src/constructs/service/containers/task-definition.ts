import { EcsTaskDefinition } from "@cdktf/provider-aws/lib/ecs-task-definition";
import { Lazy } from "cdktf";
import type { Construct } from "constructs";
import { initContainerName, logRouterName } from "../../../containers/node-container";
import type { ServiceSettings } from "../elixir-service-props";
import type { TaskRoles } from "../task-roles";
import { nodeContainer } from "./container-definition";
import type { Dependencies } from "./container-parts";
import { initContainer } from "./init-container";
import { routerContainer, routerOf } from "./logs";
import { sidecarContainer } from "./sidecar";
import { nodeMounts, taskVolumes } from "./volumes";

/** What the service knows only when it is synthesized: peers are added later. */
export interface TaskEnvironment {
  /** The plain variables of the container that runs the node. */
  node(): Readonly<Record<string, string>>;
  /** The plain variables that the release's configuration may read. */
  release(): Readonly<Record<string, string>>;
}

/** A service's task definition: the node, what must run before it, and the containers next to it. */
export function taskDefinition(
  scope: Construct,
  settings: ServiceSettings,
  roles: TaskRoles,
  logGroup: string,
  environment: TaskEnvironment,
): EcsTaskDefinition {
  const { ephemeralStorageGiB } = settings;
  return new EcsTaskDefinition(scope, "task-definition", {
    family: settings.fullName,
    requiresCompatibilities: ["FARGATE"],
    networkMode: "awsvpc",
    cpu: String(settings.cpu),
    memory: String(settings.memory),
    runtimePlatform: { operatingSystemFamily: "LINUX", cpuArchitecture: settings.architecture },
    executionRoleArn: roles.executionRoleArn,
    taskRoleArn: roles.taskRoleArn,
    ...(ephemeralStorageGiB === undefined ? {} : { ephemeralStorage: { sizeInGib: ephemeralStorageGiB } }),
    volume: taskVolumes(settings),
    containerDefinitions: Lazy.stringValue({
      produce: () => JSON.stringify(containers(settings, logGroup, environment)),
    }),
  });
}

/** The node's container comes first. */
function containers(settings: ServiceSettings, logGroup: string, environment: TaskEnvironment): object[] {
  const { name, region, beforeStart, sidecars, dependsOn } = settings;
  const place = { region, logGroup };
  const router = routerOf(settings.logs);
  const init = beforeStart && { beforeStart, name: initContainerName(name) };
  const common = { ...settings, ...place, image: settings.image.uri, mounts: nodeMounts(settings) };
  const nodeDependsOn: Dependencies = {
    ...dependsOn,
    ...(init ? { [init.name]: "SUCCESS" } : {}),
    // Its socket takes the node's first line.
    ...(router ? { [logRouterName(name)]: "START" } : {}),
  };
  const node = nodeContainer({
    ...common,
    dependsOn: nodeDependsOn,
    environment: environment.node(),
    secrets: { ...settings.secrets, ...settings.distribution.secrets, RELEASE_COOKIE: settings.cookie },
  });
  const withoutNode = { ...environment.release(), RELEASE_DISTRIBUTION: "none" };
  return [
    node,
    ...(init ? [initContainer({ ...common, ...init, environment: withoutNode })] : []),
    ...(router ? [routerContainer(name, router, place)] : []),
    ...Object.entries(sidecars)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([sidecar, props]) => sidecarContainer(sidecar, props, place)),
  ];
}
