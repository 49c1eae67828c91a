import { fargateProviders } from "../../../aws/ecs/capacity";
import { clusters } from "../../cluster/connections/partitions";
import type { Service } from "../../cluster/services";
import { blocks, number, openBlocks, text } from "../../read/value";
import type { Check } from "../check";

export const spotOnly: Check = {
  id: "spot-only",
  title: "All nodes of a cluster run on Fargate Spot",
  severity: "note",
  rationale:
    "When AWS needs the capacity, it takes Spot tasks back two minutes after a warning, and starts no new ones until there is capacity again. Without a task on Fargate, the whole cluster can be gone at once, with everything in its nodes' memory.",
  remediation:
    'Set a base for FARGATE in the strategy of one service of the cluster: "capacity": { "onDemand": { "base": 1 }, "spot": { "weight": 3 } }.',
  limitations:
    "The check reports nothing if a strategy isn't known before apply, or comes from the ECS cluster's default strategy.",
  sources: ["https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-capacity-providers.html"],
  *find({ matrix }) {
    for (const services of clusters(matrix)) {
      if (!services.every(isSpotOnly)) continue;
      yield {
        address: services[0]!.resource.address,
        message: `all tasks of ${services.map(({ name }) => name).join(", ")} run on Fargate Spot: AWS may take the last node of the cluster`,
      };
    }
  },
};

/** Whether no task of it runs on anything but Fargate Spot. */
function isSpotOnly({ resource: { values } }: Service): boolean {
  const strategy = blocks(values.capacity_provider_strategy);
  if (strategy.length === 0 || openBlocks(values.capacity_provider_strategy)) return false;
  return strategy.every(({ capacity_provider: provider, base, weight }) => {
    if (text(provider) === fargateProviders.spot) return true;
    return number(base ?? 0) === 0 && number(weight ?? 0) === 0;
  });
}
