import { applySummary, resultsPage } from "../../src/demo/results-page";

it("marks what was not tried as neither ok nor FAILED", () => {
  const findings = [
    { ok: true, line: "applied" },
    { ok: false, line: "another cookie: 2 links" },
    { ok: false, untried: true, line: "without epmd: precondition not reached" },
  ];
  const page = resultsPage("summary", "review", findings);
  expect(page.split("What is proved\n\n")[1]).toBe(
    "ok         applied\nFAILED     another cookie: 2 links\nNOT TRIED  without epmd: precondition not reached\n",
  );
});

it("counts what an apply created by type, and says how to reach each service", () => {
  const managed = (type: string) => ({ mode: "managed", type });
  const resources = [managed("aws_ecs_service"), managed("aws_b"), managed("aws_b"), { mode: "data", type: "aws_vpc" }];
  const shop = { service: "shop", dns_name: "shop.local", security_group_id: "sg-1", log_group: "/ecs/shop" };
  const outputs = { services: { shop: { ...shop, console: "npm run console" } } };
  expect(applySummary({ values: { root_module: { resources } } }, outputs)).toBe(
    "  2 aws_b\n  1 aws_ecs_service\n\nshop: shop.local, sg-1, logs in /ecs/shop\n  npm run console",
  );
});
