import { defined, logDefaults } from "../../../aws/defaults";
import { logRouterName } from "../../../containers/node-container";
import { literal, literals } from "../../literal";
import type { ReleaseSecret } from "../secrets/release-secret";
import { type AwslogsDriver, plainVariables, secretVariables, toCloudWatch } from "./container-parts";
import type { PulledImage } from "./sidecar";

/**
 * A log router (FireLens) that gets the node's output: a container with Fluent Bit next to the node.
 * Source: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/using_firelens.html
 */
export interface LogRouter {
  readonly image: PulledImage;
  /** What it does with the output: `Name` is Fluent Bit's output plugin, the others are its settings. */
  readonly options: Readonly<Record<string, string>>;
  /** Options whose values ECS reads. @default none */
  readonly secretOptions?: Readonly<Record<string, ReleaseSecret>>;
  /** A further configuration file in the router's image. @default none */
  readonly configFile?: string | undefined;
  /** MiB of the task's memory that it may use at most. @default 128 */
  readonly memory?: number;
}

/** Where the output of a service's containers goes. */
export interface Logs {
  /** What takes the node's output. @default CloudWatch, non-blocking, with a buffer of 25 MiB */
  readonly driver?: { readonly awslogs: AwslogsDriver } | { readonly awsfirelens: LogRouter };
  /** Days that CloudWatch keeps logs. @default 30 */
  readonly retentionDays?: number;
  /** ARN of the customer key that encrypts the log group. @default a key of CloudWatch */
  readonly kmsKeyArn?: string | undefined;
}

/** The logs of a service with every default filled in. */
export type LogSettings = Required<Pick<Logs, "driver" | "retentionDays">> & Pick<Logs, "kmsKeyArn">;

/** The service's log router; `undefined` where its node writes to CloudWatch. */
export const routerOf = ({ driver }: LogSettings) =>
  "awsfirelens" in driver ? { memory: logDefaults.routerMemory, ...defined(driver.awsfirelens) } : undefined;

interface Place {
  readonly region: string;
  readonly logGroup: string;
}

/** The log configuration of a service's container: the router takes the node's output alone. */
export function logConfigurationOf(container: Place & { readonly name: string }, driver: LogSettings["driver"]) {
  if ("awslogs" in driver) return toCloudWatch(container, driver.awslogs);
  const { options, secretOptions = {} } = driver.awsfirelens;
  const secrets = secretVariables(secretOptions);
  return {
    logConfiguration: {
      logDriver: "awsfirelens",
      options: Object.fromEntries(plainVariables(literals(options)).map(({ name, value }) => [name, value])),
      ...(secrets.length > 0 ? { secretOptions: secrets } : {}),
    },
  };
}

/** The router's container. Without it, output is lost, so it is essential. */
export function routerContainer(
  service: string,
  { image, configFile, memory }: NonNullable<ReturnType<typeof routerOf>>,
  place: Place,
): object {
  const name = logRouterName(service);
  return {
    name,
    image: literal(image.uri),
    essential: true,
    memory,
    firelensConfiguration: {
      type: "fluentbit",
      options: {
        "enable-ecs-log-metadata": "true",
        // Fargate takes no file in S3.
        ...(configFile === undefined ? {} : { "config-file-type": "file", "config-file-value": literal(configFile) }),
      },
    },
    // What ECS answers, so that plans of an unchanged definition are empty.
    user: "0",
    ...toCloudWatch({ ...place, name }),
  };
}
