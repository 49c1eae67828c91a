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
 * The containers of a task whose images are mapped to a release or a program of this machine; where none is mapped to a release, the
 * node's container with those of programs: a sidecar must not run as a second node of the application, and the fallback doesn't have
 * the module of a migration. Those that remain don't wait for one that is left out.
 *
 * @throws Error that says how to map the node's image, when there is no fallback either.
 */
export function runnableContainers(all: readonly AppliedContainer[], images: Images, service: string): Runnable {
  const mapped = (to: "release" | "program") => all.filter(({ image }) => images.mapped(image) === to);
  const [releases, programs] = [mapped("release"), mapped("program")];
  const nodes = releases.length > 0 ? releases : nodeOf(all.filter((container) => !programs.includes(container)));
  for (const { name, image } of nodes) images.find(image, `service "${service}", container "${name}"`);
  const runs = all.filter((container) => nodes.includes(container) || programs.includes(container));
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
          `Service "${service}" runs without container "${name}", image ${image}: no --image maps it to a release or a program.`,
      ),
  };
}

/** The container of the node, if there is one. */
function nodeOf(containers: readonly AppliedContainer[]): readonly AppliedContainer[] {
  const node = nodeAmong(containers, (container) => ({
    ...container,
    variables: [...Object.keys(container.environment), ...container.secrets.map(({ name }) => name)],
    startsAfterEndOf: container.dependsOn
      .filter(({ condition }) => condition === "SUCCESS" || condition === "COMPLETE")
      .map(({ containerName }) => containerName),
  }));
  return node ? [node] : [];
}
