import type { EcsTaskDefinitionVolume } from "@cdktf/provider-aws/lib/ecs-task-definition";
import { writableVolumes } from "../../../containers/task-containers";
import type { Construct } from "constructs";
import { accountIdOf, partitionOf } from "../../stack-child";
import type { ConditionalStatement } from "../policy-statement";
import type { Mount } from "./container-parts";
import type { Sidecar } from "./sidecar";

/** A folder that containers of a task share. */
export interface Volume {
  /** A file system in EFS, mounted through an access point. @default an empty folder that lasts as long as the task */
  readonly efs?: { readonly fileSystem: string; readonly accessPoint: string } | undefined;
  /** Where the node has it. @default nowhere */
  readonly mount?: Mount | undefined;
}

/** What decides which volumes a task has, and where. */
interface Mounting {
  readonly volumes: Readonly<Record<string, Volume>>;
  readonly sidecars: Readonly<Record<string, Sidecar>>;
  readonly readonlyRootFilesystem: boolean;
  readonly writableVolumes: boolean;
}

/** Where the containers of the service's image have volumes. */
export function nodeMounts({ volumes, ...settings }: Omit<Mounting, "sidecars">): Record<string, Mount> {
  const writable = settings.readonlyRootFilesystem && settings.writableVolumes ? writableVolumes : {};
  const own = Object.entries(volumes).flatMap(([name, { mount }]) => (mount ? [[name, mount] as const] : []));
  return {
    ...Object.fromEntries(Object.entries(writable).map(([name, path]) => [name, { path }])),
    ...Object.fromEntries(own),
  };
}

/** The volumes of the task definition. Source: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_EFSVolumeConfiguration.html */
export function taskVolumes(mounting: Mounting): EcsTaskDefinitionVolume[] {
  const names = new Set([...Object.keys(nodeMounts(mounting)), ...Object.keys(mounting.volumes)]);
  return [...names].sort().map((name) => {
    const efs = mounting.volumes[name]?.efs;
    if (!efs) return { name };
    return {
      name,
      efsVolumeConfiguration: {
        fileSystemId: efs.fileSystem,
        transitEncryption: "ENABLED",
        authorizationConfig: { accessPointId: efs.accessPoint, iam: "ENABLED" },
      },
    };
  });
}

/**
 * What the task role may do with file systems: mount each through its access point, and write where a container may. Root of
 * the file system it never is. Source: https://docs.aws.amazon.com/efs/latest/ug/iam-access-control-nfs-efs.html
 */
export function fileSystemStatements(scope: Construct, region: string, mounting: Mounting): ConditionalStatement[] {
  const mounts = [nodeMounts(mounting), ...Object.values(mounting.sidecars).map(({ mounts = {} }) => mounts)];
  return Object.entries(mounting.volumes).flatMap(([name, { efs }]) => {
    if (!efs) return [];
    const written = mounts.some((each) => each[name] && !each[name].readOnly);
    const arn = `arn:${partitionOf(scope)}:elasticfilesystem:${region}:${accountIdOf(scope)}`;
    return [
      {
        actions: ["elasticfilesystem:ClientMount", ...(written ? ["elasticfilesystem:ClientWrite"] : [])],
        resources: [`${arn}:file-system/${efs.fileSystem}`],
        condition: { StringEquals: { "elasticfilesystem:AccessPointArn": [`${arn}:access-point/${efs.accessPoint}`] } },
      },
    ];
  });
}
