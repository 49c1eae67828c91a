import { sandboxSupportOf, type Machine } from "../../../../src/lab/data-plane/sandbox/requirements";

/** A Linux machine that has everything, changed in one point. */
const machine = (change: Partial<Machine>): Machine => ({
  platform: "linux",
  isRoot: false,
  hasTool: () => true,
  refusalOf: () => undefined,
  forbiddenBy: () => "Allow them.",
  ...change,
});

it("is rootless where user namespaces are allowed, also for root", () => {
  expect(sandboxSupportOf(machine({}))).toEqual({ way: ["--user", "--map-root-user"] });
  expect(sandboxSupportOf(machine({ isRoot: true }))).toEqual({ way: ["--user", "--map-root-user"] });
});

it("uses root where user namespaces are forbidden", () => {
  const refusalOf: Machine["refusalOf"] = (way) => (way.length > 0 ? "unshare failed" : undefined);
  expect(sandboxSupportOf(machine({ isRoot: true, refusalOf }))).toEqual({ way: [] });
});

it("says what forbids user namespaces, and what allows them", () => {
  const refusalOf = () => "unshare: unshare failed: Operation not permitted";
  expect(sandboxSupportOf(machine({ refusalOf }))).toEqual({
    missing: "The lab needs user namespaces, or root: unshare: unshare failed: Operation not permitted. Allow them.",
  });
  expect(sandboxSupportOf(machine({ refusalOf, isRoot: true }))).toEqual({
    missing:
      "The lab can't make its namespaces, not even as root: unshare: unshare failed: Operation not permitted. Allow them.",
  });
});

it("names the tools that are missing and the packages that have them", () => {
  const hasTool = (name: string) => name !== "nft" && name !== "ip";
  expect(sandboxSupportOf(machine({ hasTool }))).toEqual({
    missing: "The lab needs ip, nft. On Debian and Ubuntu: sudo apt-get install iproute2 nftables",
  });
});

it("says on another system that it needs Linux", () => {
  expect(sandboxSupportOf(machine({ platform: "darwin" }))).toEqual({
    missing:
      "The lab needs Linux (namespaces and nftables), and this is darwin. With Docker: docker build -t elixir-cluster-lab -f docker/lab/Dockerfile . && docker run --rm -it --privileged elixir-cluster-lab npm run demo",
  });
});
