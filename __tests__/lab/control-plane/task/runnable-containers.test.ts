import type { AppliedContainer } from "../../../../src/lab/control-plane/applied/task-definitions";
import { Images } from "../../../../src/lab/control-plane/images";
import { runnableContainers } from "../../../../src/lab/control-plane/task/runnable-containers";
import { scratchFolder } from "../../../scratch";
import { container } from "./container";

const folder = scratchFolder("image");

const secrets = [{ name: "RELEASE_COOKIE", valueFrom: "/cookie" }];
const agent = container("datadog-agent", { image: "datadog/agent:7" });
const proxy = container("proxy", { image: "acme/proxy:1" });
const migrate = container("migrate", { image: "acme/myapp:1", essential: false, command: ["eval", "X"], secrets });
const node = container("myapp", {
  image: "acme/myapp:1",
  secrets,
  environment: { CLUSTER_NODES: "myapp@myapp.org.local" },
  dependsOn: [
    { containerName: "migrate", condition: "SUCCESS" },
    { containerName: "datadog-agent", condition: "START" },
  ],
});

const mapped = new Images([`myapp=${folder}`]);
const fallback = new Images([], folder);
const names = (all: AppliedContainer[], images: Images) => {
  const { containers, leftOut } = runnableContainers(all, images, "myapp");
  return [containers.map(({ name }) => name), leftOut.map((said) => /container "([^"]+)"/.exec(said)![1])];
};

describe("the containers that a task runs here", () => {
  it.each<[string, AppliedContainer[], Images, string[], string[]]>([
    ["those whose image is mapped", [agent, migrate, node], mapped, ["migrate", "myapp"], ["datadog-agent"]],
    [
      "with a sidecar that is mapped too",
      [proxy, node],
      new Images([`myapp=${folder}`, `proxy=${folder}`]),
      ["proxy", "myapp"],
      [],
    ],
    [
      "the node alone where none is mapped: a migration is the application's own",
      [agent, proxy, migrate, node],
      fallback,
      ["myapp"],
      ["datadog-agent", "proxy", "migrate"],
    ],
    [
      "the one that isn't a known agent, where none shows that it is a node",
      [agent, container("myapp", { image: "acme/myapp:1" })],
      fallback,
      ["myapp"],
      ["datadog-agent"],
    ],
    [
      "the node and a sidecar that is a program of this machine, where no release is mapped",
      [agent, proxy, migrate, node],
      new Images([`proxy=${process.execPath}`], folder),
      ["proxy", "myapp"],
      ["datadog-agent", "migrate"],
    ],
    [
      "the mapped release and the program",
      [agent, proxy, node],
      new Images([`proxy=${process.execPath}`, `myapp=${folder}`]),
      ["proxy", "myapp"],
      ["datadog-agent"],
    ],
    ["the only one there is", [container("myapp", { image: "acme/myapp:1" })], fallback, ["myapp"], []],
  ])("are %s", (_, all, images, run, leftOut) => {
    expect(names(all, images)).toEqual([run, leftOut]);
  });

  it("don't wait for one that is left out", () => {
    const { containers } = runnableContainers([agent, migrate, node], mapped, "myapp");
    expect(containers.at(-1)!.dependsOn).toEqual([{ containerName: "migrate", condition: "SUCCESS" }]);
  });

  it("ask for a mapping of the node's image, not the sidecar's", () => {
    expect(() => runnableContainers([agent, node], new Images([`other=${folder}`]), "myapp")).toThrow(
      'Image acme/myapp:1 (service "myapp", container "myapp") has no folder on this machine. Map it',
    );
  });
});
