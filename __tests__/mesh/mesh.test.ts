import fc from "fast-check";
import { connected, type Member, missingLinks, nameOf, partitions, sees, unknownNodes } from "../../src/mesh/mesh";
import { meshTable } from "../../src/mesh/mesh-table";

const node = (host: number) => `shop@10.0.1.${host}`;
const member = (host: number, ...seen: number[]): Member => ({
  service: "shop",
  taskId: `task${host}`,
  address: `10.0.1.${host}`,
  node: node(host),
  sees: seen.map(node),
});
const silent = (host: number): Member => ({ service: "shop", taskId: `task${host}`, address: `10.0.1.${host}` });
const hosts = (parts: readonly Member[][]) => parts.map((part) => part.map(({ address }) => address.split(".")[3]));

describe("a mesh", () => {
  it("knows a silent node by its address, which is not that of a longer one", () => {
    expect(sees(member(4, 5), silent(5))).toBe(true);
    expect(sees(member(4, 15), silent(5))).toBe(false);
    expect(nameOf(silent(5))).toBe("shop 10.0.1.5");
  });

  it("misses a link for each direction", () => {
    const links = missingLinks([member(4, 5), member(5), silent(6)]).map(({ from, to }) => [nameOf(from), nameOf(to)]);
    expect(links).toEqual([
      [node(4), "shop 10.0.1.6"],
      [node(5), node(4)],
      [node(5), "shop 10.0.1.6"],
      ["shop 10.0.1.6", node(4)],
      ["shop 10.0.1.6", node(5)],
    ]);
  });

  it("names nodes that aren't members, in order", () => {
    expect(unknownNodes([member(4, 9, 5, 8), member(5, 9)])).toEqual([node(8), node(9)]);
  });

  it("is in one part where one direction links, directly or through others", () => {
    expect(hosts(partitions([member(4, 5), member(5), member(6, 5), member(7)], connected))).toEqual([
      ["4", "5", "6"],
      ["7"],
    ]);
  });

  it("has each member in one part", () => {
    const links = fc.array(fc.tuple(fc.nat(9), fc.nat(9)), { maxLength: 20 });
    fc.assert(
      fc.property(links, (all) => {
        const members = Array.from({ length: 10 }, (_, host) =>
          member(host, ...all.flatMap(([from, to]) => (from === host && to !== host ? [to] : []))),
        );
        const parts = partitions(members, connected);
        expect(parts.flat()).toHaveLength(members.length);
        expect(new Set(parts.flat())).toEqual(new Set(members));
        const partOf = (host: number) => parts.find((part) => part.includes(members[host]!));
        expect(all.filter(([from, to]) => partOf(from) !== partOf(to))).toEqual([]);
      }),
    );
  });
});

describe("its table", () => {
  it("shows each pair from both sides", () => {
    expect(meshTable([member(4, 5), member(5, 4), silent(10)]).join("\n")).toBe(
      [
        "                   1 2 3",
        " 1  shop@10.0.1.4  · ● ✗",
        " 2  shop@10.0.1.5  ● · ✗",
        " 3  shop 10.0.1.10 ? ? ·",
      ].join("\n"),
    );
  });

  it("has no line without members, and wider columns from ten on", () => {
    expect(meshTable([])).toEqual([]);
    const [header, first] = meshTable(Array.from({ length: 10 }, (_, host) => member(host)));
    expect(String(header)).toMatch(/ {2}9 10$/);
    expect(String(first)).toMatch(/ {2}· {2}✗/);
  });

  it("shows a hostile name as text", () => {
    expect(String(meshTable([{ ...member(4), node: "a\nb" }])[1])).toContain("a\\nb");
  });
});
