import { nodeAmong } from "../../../containers/node-container";
import type { AppliedContainer } from "../applied/task-definitions";
import type { Images } from "../images";

/** What a task runs here of its containers. */
interface Runnable {
  readonly containers: readonly AppliedContainer[];
  /** Those that are left out, since their images stand for nothing on this machine: a sentence each. */
  readonly leftOut: readonly string[];
}

/**
 * The containers of a task whose images are mapped to a folder; where none is, the node's container alone: a sidecar must not
 * run as a second node of the application, and the fallback doesn't have the module of a migration.
 * Those that remain don't wait for one that is left out.
 *
 * @throws Error that says how to map the node's image, when there is no fallback either.
 */
export function runnableContainers(all: readonly AppliedContainer[], images: Images, service: string): Runnable {
  const node = nodeAmong(all, (container) => ({
    ...container,
    variables: [...Object.keys(container.environment), ...container.secrets.map(({ name }) => name)],
    startsAfterEndOf: container.dependsOn
      .filter(({ condition }) => condition === "SUCCESS" || condition === "COMPLETE")
      .map(({ containerName }) => containerName),
  }));
  const mapped = all.filter(({ image }) => images.isMapped(image));
  if (node && mapped.length === 0) images.find(node.image, `service "${service}", container "${node.name}"`);
  const runs = mapped.length > 0 ? mapped : all.filter((container) => container === node);
  const there = new Set(runs.map(({ name }) => name));
  return {
    containers: runs.map((container) => ({
      ...container,
      dependsOn: container.dependsOn.filter(({ containerName }) => there.has(containerName)),
    })),
    leftOut: all
      .filter((container) => !runs.includes(container))
      .map(
        ({ name, image }) =>
          `Service "${service}" runs without container "${name}", image ${image}: no --image maps it to a folder.`,
      ),
  };
}
