import { randomBytes } from "node:crypto";
import { PutParameterCommand } from "@aws-sdk/client-ssm";
import type { AwsClients } from "../local-aws/aws-clients";
import type { RunningLab } from "../stage";

/**
 * Writes another cookie to the parameter and starts a service's tasks again: they alone have it. Those of other services
 * keep the cookie that they started with.
 */
export async function restartWithAnotherCookie(
  { lab, waits }: RunningLab,
  { ssm }: AwsClients,
  parameter: string,
  service: string,
  tasks: number,
): Promise<void> {
  await lab.updateService(service, { desiredCount: 0 });
  const left = () => lab.service(service).tasks.length;
  await waits.reached(
    `${service}'s tasks have stopped`,
    () => left() === 0,
    lab.bounds.steady,
    () => `${left()} are left`,
  );
  const Value = randomBytes(32).toString("hex");
  await ssm.send(new PutParameterCommand({ Name: parameter, Value, Type: "SecureString", Overwrite: true }));
  await lab.updateService(service, { desiredCount: tasks });
}
