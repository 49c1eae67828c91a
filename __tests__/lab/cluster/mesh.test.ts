import { isFullMesh, type Mesh, whatIsMissing } from "../../../src/lab/cluster/mesh";
import { renderMesh } from "../../../src/lab/cluster/mesh-table";
import { type Member, missingLinks, unknownNodes } from "../../../src/mesh/mesh";

const node = (host: number) => `myapp@10.0.1.${host}`;
const member = (host: number, ...sees: number[]): Member => ({
  service: "myapp",
  taskId: `task${host}`,
  address: `10.0.1.${host}`,
  node: node(host),
  sees: sees.map(node),
});
const silent = (host: number): Member => ({ service: "myapp", taskId: `task${host}`, address: `10.0.1.${host}` });
const mesh = (...members: Member[]): Mesh => ({ at: 0, members });

describe("which nodes see each other", () => {
  it("is a full mesh when as many as expected see all others", () => {
    const three = mesh(member(4, 5, 6), member(5, 4, 6), member(6, 4, 5));
    expect(isFullMesh(three, 3)).toBe(true);
    expect(isFullMesh(three, 4)).toBe(false);
  });

  it("is none when one direction is missing, and says whose", () => {
    const three = mesh(member(4, 5, 6), member(5, 6), member(6, 4, 5));
    expect(isFullMesh(three, 3)).toBe(false);
    expect(missingLinks(three.members).map(({ from, to }) => [from.node, to.node])).toEqual([[node(5), node(4)]]);
    expect(whatIsMissing(three, 3)).toBe("myapp@10.0.1.5 misses myapp@10.0.1.4");
  });

  it("is none while a node doesn't answer, though others see it by its address", () => {
    const two = mesh(member(4, 5), silent(5));
    expect(isFullMesh(two, 2)).toBe(false);
    expect(missingLinks(two.members)).toHaveLength(1);
    expect(whatIsMissing(two, 3)).toBe("2 of 3 tasks run; no answer from myapp 10.0.1.5");
  });

  it("names nodes that are seen and aren't members", () => {
    expect(unknownNodes([member(4, 5, 66), member(5, 4)])).toEqual([node(66)]);
    expect(unknownNodes([member(4, 5), silent(5)])).toEqual([]);
  });

  it("one node alone is a full mesh of one, and none is one of none", () => {
    expect(isFullMesh(mesh(member(4)), 1)).toBe(true);
    expect(isFullMesh(mesh(silent(4)), 1)).toBe(false);
    expect(isFullMesh(mesh(), 0)).toBe(true);
  });
});

describe("the table", () => {
  it("shows each pair from both sides", () => {
    expect(renderMesh(mesh(member(4, 5, 66), member(5, 4), silent(10)))).toBe(
      [
        "                    1 2 3",
        " 1  myapp@10.0.1.4  · ● ✗",
        " 2  myapp@10.0.1.5  ● · ✗",
        " 3  myapp 10.0.1.10 ? ? ·",
        "3 nodes, 2 of 6 links; ● sees  ✗ doesn't  ? no answer; also seen: myapp@10.0.1.66",
      ].join("\n"),
    );
    expect(renderMesh(mesh())).toBe("0 nodes, 0 of 0 links");
  });
});
