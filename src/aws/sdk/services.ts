import { DescribeServicesCommand, type Service } from "@aws-sdk/client-ecs";
import { batches } from "./batches";
import type { Aws } from "./clients";

/** Services that one DescribeServices takes. Source: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeServices.html */
const maxServices = 10;

/** The active services of an ECS cluster, of those named or given by ARN. */
export async function activeServices(
  { ecs }: Pick<Aws, "ecs">,
  cluster: string,
  services: readonly string[],
): Promise<Service[]> {
  const found: Service[] = [];
  for (const batch of batches(services, maxServices)) {
    const described = await ecs.send(new DescribeServicesCommand({ cluster, services: batch }));
    found.push(...(described.services ?? []));
  }
  return found.filter(({ status }) => status === "ACTIVE");
}
