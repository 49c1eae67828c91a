import fc from "fast-check";
import { parseEnvironments } from "../../../src/environment";
import { describeFargateMemory, fargateCpus, fargateMemory } from "../../../src/aws/ecs/fargate-sizes";
import { changed } from "../../environment/example";

/** GB for each vCPU, as the page has them: from, to, in steps of. Source: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-cpu-memory-error.html */
const page: Record<number, [from: number, to: number, step: number]> = {
  512: [1, 4, 1],
  1024: [2, 8, 1],
  2048: [4, 16, 1],
  4096: [8, 30, 1],
  8192: [16, 60, 4],
  16384: [32, 120, 8],
};

function onThePage(cpu: number, memory: number): boolean {
  if (cpu === 256) return [512, 1024, 2048].includes(memory);
  const [from, to, step] = page[cpu] ?? [1, 0, 1];
  const gb = memory / 1024;
  return Number.isInteger(gb) && gb >= from && gb <= to && (gb - from) % step === 0;
}

const isRead = (cpu: number, memory: number): boolean => {
  const file = changed({ "prod/services/myapp/cpu": cpu, "prod/services/myapp/memory": memory });
  try {
    parseEnvironments(JSON.stringify(file), "environments.json");
    return true;
  } catch {
    return false;
  }
};

it("offers 256 CPU units to 16 vCPU", () => {
  expect(fargateCpus).toEqual([256, 512, 1024, 2048, 4096, 8192, 16384]);
});

it("takes exactly the pairs that AWS lists", () => {
  for (const cpu of [...fargateCpus, 128, 300, 32768]) {
    for (let memory = 0; memory <= 131072; memory += 256) {
      expect([cpu, memory, fargateMemory(cpu).includes(memory)]).toEqual([cpu, memory, onThePage(cpu, memory)]);
    }
  }
});

it("lets an environment have these pairs and no others", () => {
  const cpu = fc.oneof(fc.constantFrom(...fargateCpus), fc.integer({ min: 0, max: 20000 }));
  const memory = fc.oneof(
    fc.integer({ min: 1, max: 128 }).map((gb) => gb * 1024),
    fc.integer({ min: 0, max: 131072 }),
  );
  fc.assert(fc.property(cpu, memory, (units, mib) => expect(isRead(units, mib)).toBe(onThePage(units, mib))));
});

it.each([
  [256, "512, 1024, 2048 MiB"],
  [512, "1024, 2048, 3072, 4096 MiB"],
  [8192, "16384 to 61440 MiB in steps of 4096"],
  [16384, "32768 to 122880 MiB in steps of 8192"],
])("names the memory for %i CPU units", (cpu, sentence) => {
  expect(describeFargateMemory(cpu)).toBe(sentence);
});
