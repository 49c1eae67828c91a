import { sandboxSupport } from "../../src/lab/data-plane/sandbox/requirements";
import type { TaskAgent, TaskRuntime, TaskSpec } from "../../src/lab/data-plane/data-plane";

/**
 * `describe` where this machine can make the lab's sandbox. Elsewhere the tests are skipped with the reason in view; in CI,
 * whose set-up installs what the sandbox needs, they fail instead.
 */
export function describeWithSandbox(name: string, tests: () => void): void {
  const support = sandboxSupport();
  if ("way" in support) describe(name, tests);
  else if (process.env.CI) it(`${name}: needs a sandbox`, () => expect(support.missing).toBe("nothing"));
  else {
    console.warn(`SKIPPED ${name}: ${support.missing}`);
    describe.skip(name, tests);
  }
}

/** A task of the subnet 10.0.1.0/24. */
export function taskAt(host: number, securityGroupIds: readonly string[] = ["sg-open"]): TaskSpec {
  const id = `task${host}`;
  const subnet = { address: `10.0.1.${host}`, subnetCidr: "10.0.1.0/24" };
  const about = { cluster: "my-cluster", family: "myapp", revision: 1 };
  return { id, arn: `arn:aws:ecs:eu-west-1:123456789012:task/my-cluster/${id}`, ...subnet, ...about, securityGroupIds };
}

/** Everything in, everything out. */
export const openGroup = {
  id: "sg-open",
  ingress: [{ id: "sgr-open-in", protocol: "-1", peer: { cidr4: "0.0.0.0/0" } }],
  egress: [{ id: "sgr-open-out", protocol: "-1", peer: { cidr4: "0.0.0.0/0" } }],
};

/** A task with one container that runs a command in this folder. */
export async function runTask(runtime: TaskRuntime, spec: TaskSpec, command: readonly string[], agent?: TaskAgent) {
  const task = await runtime.createTask(spec, agent);
  const container = await task.startContainer({ name: "app", image: "app", folder: __dirname, command });
  return { task, container };
}
