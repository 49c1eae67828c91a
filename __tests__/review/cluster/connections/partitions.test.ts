import type { Matrix } from "../../../../src/review/cluster/connections/matrix";
import { clusters, linked, partialMeshes } from "../../../../src/review/cluster/connections/partitions";
import type { Service } from "../../../../src/review/cluster/services";

/**
 * A matrix of services whose names are letters: `ab` connects a to b, `a-b` keeps packets from a to b away. Everything else
 * is reachable and isn't polled.
 */
function matrix(names: string, cells: readonly string[], unreadable = ""): Matrix {
  const services = [...names].map((name) => ({
    name,
    polls: unreadable.includes(name) ? { unknown: "a variable" } : { known: [] },
  })) as unknown as Service[];
  const pairs = services.flatMap((from) =>
    services.map((to) => ({
      from,
      to,
      state: cells.includes(from.name + to.name) ? "connects" : "not-polled",
      packets: cells.includes(`${from.name}-${to.name}`) ? "no" : "yes",
    })),
  );
  const pair = (from: Service, to: Service) => pairs.find((each) => each.from === from && each.to === to)!;
  return { services, pairs, pair } as unknown as Matrix;
}
const gaps = (of: Matrix) =>
  partialMeshes(of).flatMap(({ gaps: found }) =>
    found.map(({ one, other, through }) => one.name + through.name + other.name),
  );
const apart = ["a-c", "c-a"];

describe("services that see each other only through a third", () => {
  it.each([
    [["ab", "bc", ...apart], ["abc"]],
    // From either side.
    [["ba", "cb", ...apart], ["abc"]],
    [["ab", "cb", ...apart], ["abc"]],
    // Packets that pass one way are enough: nodes learn of each other from the third.
    [["ab", "bc", "a-c"], []],
    [["ab", "bc", "c-a"], []],
    [["ab", "bc"], []],
    [["ab", ...apart], []],
    [apart, []],
  ])("%j: %j", (cells, expected) => {
    expect(gaps(matrix("abc", cells))).toEqual(expected);
  });

  it("are named with the first that links them, each pair once", () => {
    const cells = ["ab", "bc", "ad", "dc", ...apart, "b-d", "d-b"];
    expect(gaps(matrix("abcd", cells))).toEqual(["abc", "bad"]);
  });
});

it("gives the gaps of each mesh with its services, and no mesh that is full", () => {
  const cells = ["ab", "bc", ...apart, "de", "ef", "d-f", "f-d", "gh", "hi", "ig"];
  const meshes = partialMeshes(matrix("abcdefghi", cells)).map(({ services, gaps: found }) => [
    services.map(({ name }) => name).join(""),
    found.length,
  ]);
  expect(meshes).toEqual([
    ["abc", 1],
    ["def", 1],
  ]);
});

it("links two services when either dials with success", () => {
  const of = matrix("abc", ["ab"]);
  const [a, b, c] = of.services as [Service, Service, Service];
  expect([linked(of, a, b), linked(of, b, a), linked(of, a, c)]).toEqual([true, true, false]);
});

describe("clusters", () => {
  const names = (of: Matrix) => clusters(of).map((cluster) => cluster.map(({ name }) => name).join(""));

  it.each([
    [[], ["a", "b", "c", "d"]],
    [["ab"], ["ab", "c", "d"]],
    [
      ["ab", "bc"],
      ["abc", "d"],
    ],
    [
      ["ba", "cb", "aa"],
      ["abc", "d"],
    ],
    [
      ["ab", "cd"],
      ["ab", "cd"],
    ],
    [["ab", "cd", "bc"], ["abcd"]],
  ])("%j: %j", (cells, expected) => {
    expect(names(matrix("abcd", cells))).toEqual(expected);
  });

  it("aren't joined by a service whose polls aren't known", () => {
    expect(names(matrix("abc", ["ab", "cb"], "a"))).toEqual(["a", "bc"]);
  });
});
