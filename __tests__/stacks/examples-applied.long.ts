import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { parseEnvironments } from "../../src/environment";
import { createPrerequisites } from "../../src/lab/local-aws/prerequisites/prerequisites";
import { withStage } from "../../src/lab/stage";
import { reviewPlan } from "../../src/review/review";
import { exampleFile } from "../examples";
import { describeWithTerraform } from "../terraform-here";

/** The parts of an example's file that this test changes. */
interface Example {
  readonly prod: {
    region: string;
    vpc: { id?: string; tags?: object; create?: object };
    state: object;
    loadBalancer?: object;
    services: Record<string, { web?: object; image: object; tasks?: { requestsPerTask?: number } | number }>;
  };
}

/**
 * An example with local state and without a load balancer, for which the provider waits two minutes: `npm run test:web` applies
 * one. Images are those of a variable, as the stack declares it.
 */
function withoutLoadBalancer(name: string) {
  const { prod } = JSON.parse(readFileSync(exampleFile(name), "utf8")) as Example;
  prod.state = { local: {} };
  // Local AWS gives ids of its own.
  if (prod.vpc.id !== undefined) prod.vpc = { tags: { Name: "prod" } };
  delete prod.loadBalancer;
  for (const service of Object.values(prod.services)) {
    delete service.web;
    if (typeof service.tasks === "object") delete service.tasks.requestsPerTask;
  }
  const variables = Object.values(prod.services).flatMap(({ image }) =>
    "variable" in image ? [String(image.variable)] : [],
  );
  return { prod, variables: [...new Set(variables)] };
}

// `npm run test:examples`: four minutes.
describeWithTerraform("examples, applied to local AWS", () => {
  it.each(["minimal", "many-services", "organization", "spot-autoscaling", "own-vpc-without-nat"])(
    "%s needs one apply, has no error, plans nothing more, and is destroyed",
    async (name) => {
      const { prod, variables } = withoutLoadBalancer(name);
      const image = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/app:1";
      const values = variables.flatMap((variable) => ["-var", `${variable}=${image}`]);
      await withStage({ region: prod.region }, async (stage) => {
        const file = path.join(stage.scratch, "environments.json");
        writeFileSync(file, JSON.stringify({ prod }));
        const terraform = await stage.synthesize(file, "prod");
        await createPrerequisites(stage.aws, parseEnvironments(readFileSync(file, "utf8"), file).prod!);
        await terraform.init();
        await terraform.plan("first", ...values);
        const { findings } = reviewPlan(JSON.parse(await terraform.show("first")));
        expect(findings.filter(({ severity }) => severity === "error")).toEqual([]);
        await terraform.apply("first");
        expect(await terraform.plan("second", ...values)).toEqual({ add: 0, change: 0, destroy: 0 });
        await terraform.destroy(...values);
        expect(JSON.parse(await terraform.showState())).not.toHaveProperty("values.root_module.resources");
      });
    },
  );
});
