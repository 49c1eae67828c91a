import { serviceDefaults } from "../../../aws/defaults";
import { describeFargateMemory, fargateCpus, fargateMemory } from "../../../aws/ecs/fargate-sizes";

/**
 * For each cpu, the memory that Fargate has for it, as conditions of JSON Schema: `checks/service.ts` compares the two here,
 * and editors by these. A service without `cpu` has the default; one without `memory` too, where that fits.
 */
export const memoryOfEachCpu = fargateCpus.map((cpu) => {
  const sizes = fargateMemory(cpu);
  return {
    if: { properties: { cpu: { const: cpu } }, ...(cpu !== serviceDefaults.cpu && { required: ["cpu"] }) },
    then: {
      properties: { memory: { enum: sizes, errorMessage: `Allowed: ${describeFargateMemory(cpu)} with cpu ${cpu}.` } },
      ...(!sizes.includes(serviceDefaults.memory) && { required: ["memory"] }),
    },
  };
});
