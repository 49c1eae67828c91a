import { reviewPlan, type Review } from "../../src/review/review";
import { planText } from "./fixtures";

type Json = Record<string, unknown>;
interface Plan {
  resource_changes: { address: string; type: string; change: { after?: Json; after_unknown?: Json } }[];
}

/** Attributes that AWS sets where the configuration doesn't: unknown without an expression, they aren't set at all. */
const computed = new Set([
  "arn",
  "availability_zone_rebalancing",
  "cidr_block",
  "cluster",
  "default_security_group_id",
  "egress",
  "entry",
  "id",
  "ingress",
  "inline_policy",
  "managed_policy_arns",
  "name",
  "namespace_id",
  "route",
  "source_security_group_id",
  "tags_all",
]);

const planOf = (name: "guide" | "modules" | "counted" | "registry") => JSON.parse(planText(name)) as Plan;

/** Paths of all values inside a resource: attributes, blocks, and the attributes of blocks. */
function* pathsIn(value: unknown, path: readonly string[] = []): Generator<readonly string[]> {
  if (path.length > 0) yield path;
  if (typeof value === "object" && value !== null)
    for (const [name, inner] of Object.entries(value)) yield* pathsIn(inner, [...path, name]);
}

/** The same value without what is at a path, and what a plan then has in `after_unknown`. */
function without(
  known: unknown,
  unknown: unknown,
  [name, ...rest]: readonly string[],
): [known: unknown, unknown: unknown] {
  if (name === undefined) return [undefined, true];
  const [inner, open] = without((known as Json)[name], (unknown as Json | undefined)?.[name], rest);
  const put = (into: unknown, what: unknown) =>
    Array.isArray(known)
      ? Array.from(known, (_, at) => (String(at) === name ? what : ((into as unknown[] | undefined)?.[at] ?? null)))
      : { ...(into as Json | undefined), [name]: what };
  return [put(known, inner), put(unknown === true ? undefined : unknown, open)];
}

/** What a review claims to know: each pair's state and packets, each finding. */
function claims({ matrix, findings }: Review): Map<string, string> {
  return new Map([
    ...matrix.pairs.flatMap(({ from, to, state, packets }): [string, string][] => [
      [`${from.resource.address} polls ${to.resource.address}`, state],
      [`packets from ${from.resource.address} to ${to.resource.address}`, packets],
    ]),
    ...findings.map(({ check, address }): [string, string] => [`${check.id} at ${address}`, "found"]),
  ]);
}

describe("what a plan doesn't know", () => {
  it.each(["guide", "modules", "counted", "registry"] as const)(
    "never makes a claim of its own: each value of %s left out in turn",
    (name) => {
      // GIVEN a plan, and what the review says of it
      const plan = planOf(name);
      const whole = claims(reviewPlan(plan));
      const guessed: string[] = [];
      plan.resource_changes.forEach((resource, at) => {
        for (const path of pathsIn(resource.change.after)) {
          // WHEN one value of it is known after apply only
          const [after, after_unknown] = without(resource.change.after, resource.change.after_unknown, path) as [
            Json,
            Json,
          ];
          const changes = plan.resource_changes.with(at, {
            ...resource,
            change: { ...resource.change, after, after_unknown },
          });
          for (const [what, said] of claims(reviewPlan({ ...plan, resource_changes: changes })))
            if (said !== "unknown" && said !== whole.get(what))
              guessed.push(`without ${resource.address} ${path.join(".")}: ${what}: ${whole.get(what)} → ${said}`);
        }
      });
      // THEN the review says the same, or unknown
      expect(guessed).toEqual([]);
    },
  );
});

describe("what a dynamic block sets", () => {
  it.each(["guide", "modules", "counted"] as const)(
    "makes no claim of its own: each value of %s left out in turn, and with it what the configuration records",
    (name) => {
      // GIVEN a plan whose configuration is kept for one module only, or in many
      const plan = planOf(name) as Plan & { configuration: unknown };
      const whole = claims(reviewPlan(plan));
      const guessed: string[] = [];
      plan.resource_changes.forEach((resource, at) => {
        for (const path of pathsIn(resource.change.after)) {
          const last = path.at(-1)!;
          if (computed.has(path[0]!) && (path.length === 1 || last === "id")) continue;
          // WHEN one value isn't known, and no expression says where it comes from
          const [after, after_unknown] = without(resource.change.after, resource.change.after_unknown, path) as [
            Json,
            Json,
          ];
          const changes = plan.resource_changes.with(at, {
            ...resource,
            change: { ...resource.change, after, after_unknown },
          });
          const configuration = withoutExpression(plan.configuration, resource.type, path[0]!);
          for (const [what, said] of claims(reviewPlan({ ...plan, configuration, resource_changes: changes })))
            if (said !== "unknown" && said !== whole.get(what))
              guessed.push(`without ${resource.address} ${path.join(".")}: ${what}: ${whole.get(what)} → ${said}`);
        }
      });
      // THEN the review says the same, or unknown
      expect(guessed).toEqual([]);
    },
  );
});

/** A configuration in which no resource of a type sets an attribute by what it records. */
function withoutExpression(configuration: unknown, type: string, attribute: string): unknown {
  if (Array.isArray(configuration)) return configuration.map((each) => withoutExpression(each, type, attribute));
  if (typeof configuration !== "object" || configuration === null) return configuration;
  const entries = Object.entries(configuration).map(([name, value]) => [
    name,
    name === "expressions" && (configuration as Json).type === type
      ? Object.fromEntries(Object.entries(value as Json).filter(([each]) => each !== attribute))
      : withoutExpression(value, type, attribute),
  ]);
  return Object.fromEntries(entries);
}

describe("how many tasks there are", () => {
  const change = (type: string, after: Json, after_unknown: Json = {}) => ({
    address: `${type}.shop`,
    mode: "managed",
    type,
    name: "shop",
    change: { actions: ["create"], after, after_unknown },
  });
  const stability = (service: object, configured: object[], ...others: object[]) =>
    reviewPlan({
      format_version: "1.2",
      resource_changes: [service, ...others],
      configuration: { root_module: { resources: configured } },
    }).stability;
  const shop = { name: "shop", desired_count: 2 };

  it.each([
    ["aws_ecs_service.shop", { registered: 12, whileDeploying: 24 }],
    ["aws_ecs_service.stock", { registered: 2, whileDeploying: 4 }],
    ["local.service", { registered: undefined, whileDeploying: undefined }],
  ])("follows autoscaling by what its id refers to: %s", (target, expected) => {
    const autoscaling = change("aws_appautoscaling_target", { max_capacity: 12 }, { resource_id: true });
    const stock = { ...change("aws_ecs_service", { name: "stock" }), address: "aws_ecs_service.stock", name: "stock" };
    const references = ["aws_ecs_cluster.main.name", "aws_ecs_cluster.main", `${target}.id`, target];
    const configured = { ...autoscaling, expressions: { resource_id: { references } } };
    const all = stability(change("aws_ecs_service", shop), [configured], autoscaling, stock);
    expect(all.find(({ service }) => service.name === "shop")).toMatchObject(expected);
  });

  it("isn't told while a deployment's maximum percent isn't known", () => {
    const service = change("aws_ecs_service", shop, { deployment_maximum_percent: true });
    expect(stability(service, [])).toMatchObject([{ registered: undefined, whileDeploying: undefined }]);
  });
});
