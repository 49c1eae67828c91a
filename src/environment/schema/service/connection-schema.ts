import { connectionDefaults } from "../../../aws/defaults";
import * as format from "../formats";
import { choice, flag, object, option, wholeNumber } from "../shapes";

/** Another project's security group. */
export const securityGroup = choice({
  id: format.securityGroupId.describe("By its id."),
  name: format.securityGroupName.describe("By its name, looked up in the VPC."),
});

/** A database, cache or other server of another project that a service connects to. */
export const connection = object({
  securityGroup: securityGroup.describe("The security group that the server is in."),
  port: format.port.meta({ examples: [5432] }).describe("The TCP port on which the server listens, such as 5432."),
  allowIngress: option(
    flag,
    connectionDefaults.allowIngress,
    "Whether Terraform adds the rule to the server's security group that allows the service; false if the group's owner adds it",
  ),
  connections: wholeNumber(1, 262143)
    .meta({ examples: [100] })
    .optional()
    .describe(
      "Connections that the database has for these services: its max_connections minus those of other clients. Synthesis warns if the pools may open more; default: no warning.",
    ),
  poolSize: wholeNumber(1, 10000)
    .meta({ examples: [15] })
    .optional()
    .describe(
      `Connections that a task's pool opens; default: the service's environment variable POOL_SIZE, or ${connectionDefaults.poolSize}, which is Phoenix's default.`,
    ),
});
