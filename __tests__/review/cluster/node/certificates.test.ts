import { reviewPlan } from "../../../../src/review/review";
import { goodLayout, type Layout, type Name } from "../../good-layout";
import { changeContainer, setVariable } from "../../layouts";

/** Makes a service's nodes encrypt, with the certificates in this parameter. */
function encrypt(layout: Layout, service: Name, parameter: string): void {
  setVariable(layout, service, "DISTRIBUTION_MODE", "tls");
  changeContainer(layout, service, ({ secrets }) => {
    secrets.push({ name: "DISTRIBUTION_CERTIFICATES", valueFrom: parameter });
  });
}

/** What the review reports of mode and certificates in the cluster of shop and stock. */
function found(parameters: Partial<Record<Name, string>>) {
  const layout = goodLayout();
  for (const [service, parameter] of Object.entries(parameters)) encrypt(layout, service as Name, parameter);
  return reviewPlan(layout)
    .findings.filter(({ check }) => ["cannot-connect", "node-certificates"].includes(check.id))
    .map(({ check, message }) => `${check.id}: ${message}`);
}

it("services of one cluster that encrypt have certificates in one place", () => {
  expect(found({ shop: "/prod/nodes", stock: "/prod/nodes" })).toEqual([]);
  expect(found({ shop: "/prod/nodes", stock: "/prod/others" })).toEqual([
    "node-certificates: shop and stock are one cluster, and their certificates come from /prod/nodes and /prod/others: only those of one authority connect them",
  ]);
});

it("a service that encrypts can't connect to one that doesn't", () => {
  const blocked = found({ shop: "/prod/nodes" }).filter((text) => text.includes("modes differ"));
  expect(blocked).toEqual([
    expect.stringMatching(
      /^cannot-connect: shop cannot connect to stock: modes differ: shop runs -proto_dist inet_tls, stock inet_tcp/,
    ),
    expect.stringMatching(
      /^cannot-connect: stock cannot connect to shop: modes differ: stock runs -proto_dist inet_tcp, shop inet_tls/,
    ),
  ]);
});
