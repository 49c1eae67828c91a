import { logDefaults } from "../../../aws/defaults";
import { logRetentionDays } from "../../../aws/limits";
import { containerPath, logOption } from "./container-formats";
import * as format from "../formats";
import { otherImage } from "./image-schema";
import { secret } from "./secret-schema";
import { choice, mapOf, object, oneNumberOf, option, wholeNumber } from "../shapes";

/** Source: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/using_awslogs.html */
const awslogs = choice({
  nonBlocking: object({
    // Half the memory of the smallest task: the buffer is part of the task's memory.
    bufferMiB: option(
      wholeNumber(1, 256, "MiB").meta({ examples: [8] }),
      logDefaults.driver.awslogs.nonBlocking.bufferMiB,
      "Size in MiB of the buffer for output that waits for CloudWatch, out of the task's memory. Further output is lost",
    ),
  }).describe("The node never waits for CloudWatch, and output that exceeds the buffer is lost: { bufferMiB }."),
  blocking: object({}).describe("No output is lost, but the node hangs while CloudWatch accepts none: {}."),
});

/** Source: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/using_firelens.html */
const awsfirelens = object({
  image: otherImage
    .describe("The log router's image, AWS for Fluent Bit: uri, variable, or sameAs.")
    .meta({ examples: [{ uri: "public.ecr.aws/aws-observability/aws-for-fluent-bit:2.32.5" }] }),
  options: mapOf(logOption, format.anyText)
    .describe(
      "What the router does with the node's output: Name is Fluent Bit's output plugin, the others are its settings.",
    )
    .meta({ examples: [{ Name: "http", Host: "logs.example.com", Port: "443", tls: "on" }] }),
  secretOptions: option(
    mapOf(logOption, secret).meta({ examples: [{ Header: { ssmParameter: "/my-org/prod/log-token" } }] }),
    {},
    "Options whose values ECS reads from SSM or Secrets Manager",
  ),
  configFile: containerPath
    .optional()
    .describe("A configuration file in the router's image for Fluent Bit to include; default: none.")
    .meta({ examples: ["/fluent-bit/configs/parse-json.conf"] }),
  memory: option(
    wholeNumber(32, 4096, "MiB").meta({ examples: [128] }),
    logDefaults.routerMemory,
    "Limit in MiB, out of the task's memory. If the router needs more, the task ends",
  ),
});

/** Where the output of a service's containers goes. */
export const logs = object({
  driver: option(
    choice({
      awslogs: awslogs.describe("To the service's log group in CloudWatch: nonBlocking or blocking."),
      awsfirelens: awsfirelens.describe(
        "To a log router (FireLens), an essential container in the task. Output of the other containers still goes to the log group: { image, options, secretOptions, configFile, memory }.",
      ),
    }).meta({ examples: [{ awslogs: { blocking: {} } }] }),
    logDefaults.driver,
    "Where the node's output goes: awslogs or awsfirelens",
  ),
  retentionDays: option(
    oneNumberOf(logRetentionDays, "days").meta({ examples: [365] }),
    logDefaults.retentionDays,
    "Days that CloudWatch keeps logs",
  ),
  kmsKeyArn: format.kmsKeyArn
    .optional()
    .describe(
      "ARN of the customer key that encrypts the log group. Its policy must allow logs.<region>.amazonaws.com to use it; default: the environment's kmsKeys.logs, or a key of CloudWatch.",
    ),
});
