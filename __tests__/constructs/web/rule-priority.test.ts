import { maxRulePriority } from "../../../src/aws/limits";
import { ambiguousRoutes, derivedPriority, type Route, testPriority } from "../../../src/constructs/web/rule-priority";

const route = (name: string, hosts: string[], paths: string[] = [], priority?: number): Route => ({
  name,
  hosts,
  paths,
  priority: priority ?? derivedPriority(name, { hosts, paths }),
  stated: priority !== undefined,
});

describe("derivedPriority", () => {
  it("depends on the service alone, and changes with nothing but the kind of its pattern", () => {
    const priority = derivedPriority("prod-shop", { hosts: ["shop.example.com"], paths: [] });
    expect(derivedPriority("prod-shop", { hosts: ["www.example.org"], paths: [] })).toBe(priority);
    expect(priority).toMatchInlineSnapshot(`17707`);
  });

  it("evaluates paths before the rest of their host, and exact hosts before wildcards", () => {
    for (let index = 0; index < 200; index += 1) {
      const [a, b, c, d] = [
        derivedPriority(`a${index}`, { hosts: ["shop.example.com"], paths: ["/api/*"] }),
        derivedPriority(`b${index}`, { hosts: ["shop.example.com"], paths: [] }),
        derivedPriority(`c${index}`, { hosts: ["*.example.com"], paths: ["/api/*"] }),
        derivedPriority(`d${index}`, { hosts: ["*.example.com"], paths: [] }),
      ];
      expect([1000, a, b, c, d, maxRulePriority]).toEqual([1000, a, b, c, d, maxRulePriority].sort((x, y) => x - y));
    }
  });

  it("counts a rule with one wildcard among its hosts as one with wildcards", () => {
    const hosts = ["*.example.com"];
    const of = (more: readonly string[]) => derivedPriority("shop", { hosts: [...more, ...hosts], paths: [] });
    expect(of(["shop.example.com"])).toBe(of([]));
  });
});

describe("testPriority", () => {
  it("is right before a priority that an option sets", () => {
    expect(testPriority("shop", 7)).toBe(6);
  });

  it("is before every derived priority, and differs between services", () => {
    const all = Array.from({ length: 20_000 }, (_, index) => testPriority(`service-${index}`, undefined));
    expect([Math.min(...all), Math.max(...all)]).toEqual([1, 1000]);
    expect(new Set(all).size).toBe(1000);
  });
});

describe("ambiguousRoutes", () => {
  it("reports two rules with one priority", () => {
    expect(ambiguousRoutes(route("b", ["b.example.com"], [], 7), [route("a", ["a.example.com"], [], 7)])).toEqual([
      'the listener rules of "a" and "b" both have the priority 7: set web.priority of one of them, 1 to 1000',
    ]);
  });

  it.each([
    [["/api/*"], ["/api/v1/*"], "shop.example.com/api/* and shop.example.com/api/v1/*"],
    [["/a*c"], ["/ab*"], "shop.example.com/a*c and shop.example.com/ab*"],
    [["/?pi"], ["/a??"], "shop.example.com/?pi and shop.example.com/a??"],
    [["/api**"], ["/api"], "shop.example.com/api** and shop.example.com/api"],
    [[], [], "shop.example.com"],
  ])("reports an order that only the names decide: %p and %p", (some, others, what) => {
    const [a, b] = [route("a", ["shop.example.com"], some), route("b", ["shop.example.com"], others)];
    expect(ambiguousRoutes(a, [b])).toEqual([
      `"a" and "b" both serve ${what}: set web.priority, 1 to 1000, of the one that takes precedence`,
    ]);
    expect(ambiguousRoutes({ ...a, priority: 5, stated: true }, [b])).toEqual([]);
  });

  it.each([
    [["/api/*"], ["/admin/*"]],
    [["/api"], ["/api/"]],
    [["/?"], ["/ab"]],
    [["/*.png"], ["/*.jpg"]],
  ])("accepts paths that no request has both of: %p and %p", (some, others) => {
    const [a, b] = [route("a", ["shop.example.com"], some), route("b", ["shop.example.com"], others)];
    expect(ambiguousRoutes(a, [b])).toEqual([]);
  });

  it("accepts the same paths of other hosts, and a host with paths next to the same host without", () => {
    const a = route("a", ["shop.example.com"], ["/api/*"]);
    expect(ambiguousRoutes(a, [route("b", ["www.example.com"], ["/api/*"])])).toEqual([]);
    expect(ambiguousRoutes(a, [route("c", ["shop.example.com"])])).toEqual([]);
    expect(ambiguousRoutes(a, [route("d", ["*.example.com"], ["/api/*"])])).toEqual([]);
  });
});
