import { reviewPlan } from "../../src/review/review";
import { at, container, edited, passRoles, runTask, schedule, type Edit } from "./edits";
import { pairsOf } from "./fixtures";

/** A refresh writes "" where a configuration sets no text, so after the first apply a plan has "" in place of null. */
const asRefreshed =
  (type: string, name: string, ...attributes: readonly string[]): Edit =>
  (layout) =>
    void Object.assign(at(layout, type, name), Object.fromEntries(attributes.map((attribute) => [attribute, ""])));
const without =
  (type: string, name: string, ...attributes: readonly string[]): Edit =>
  (layout) =>
    attributes.forEach((attribute) => delete at(layout, type, name)[attribute]);
const definition = ["aws_ecs_task_definition", "shop"] as const;
const rule = ["aws_vpc_security_group_ingress_rule", "shop_from_stock_epmd"] as const;
const environmentFile = container((json) =>
  Object.assign(json, { environmentFiles: [{ type: "s3", value: "arn:aws:s3:::acme/shop.env" }] }),
);
const scheduled = schedule({ statements: [runTask("shop:*"), passRoles("shop-execution")] });

it.each<[what: string, edit: Edit, place: readonly [type: string, name: string], attributes: string[]]>([
  ["no role", () => undefined, definition, ["execution_role_arn", "task_role_arn"]],
  ["no execution role for an environment file", environmentFile, definition, ["execution_role_arn"]],
  ["no role to pass", scheduled, definition, ["task_role_arn"]],
  ["no other source of a rule", () => undefined, rule, ["cidr_ipv4", "cidr_ipv6", "prefix_list_id"]],
])("is read as what isn't set: %s", (_, edit, [type, name], attributes) => {
  const [refreshed, unset] = [asRefreshed, without].map((as) =>
    reviewPlan(edited(edit, as(type, name, ...attributes))),
  );
  expect(refreshed!.findings).toEqual(unset!.findings);
  expect(pairsOf(refreshed!)).toEqual(pairsOf(unset!));
});
