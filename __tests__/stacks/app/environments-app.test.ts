import type { TerraformStack } from "cdktf";
import { parseEnvironments } from "../../../src/environment";
import { environmentsApp } from "../../../src/stacks/app/environments-app";
import { jsonOf } from "../../constructs/layout";
import { scratchFolder } from "../../scratch";

const environment = (name: string, s3: object) => ({
  region: "eu-west-1",
  state: { s3: { bucket: "acme.state", key: `${name}.tfstate`, ...s3 } },
  vpc: { id: "vpc-0abc1234" },
  ecsCluster: { name },
  namespace: { create: `${name}.local` },
  releaseCookie: { ssmParameter: `/${name}/cookie` },
  services: { myapp: { image: { uri: "ghcr.io/acme/myapp:1" } } },
});
const appOf = (s3: object, prod: object = {}, staging: object = {}, others: Readonly<Record<string, object>> = {}) => {
  const all = Object.entries({ prod, staging, ...others });
  const file = Object.fromEntries(all.map(([name, options]) => [name, { ...environment(name, s3), ...options }]));
  return environmentsApp(parseEnvironments(JSON.stringify(file), "environments.json"), scratchFolder("out"));
};
const stacksOf = (s3: object) => appOf(s3).node.children.map(({ node }) => node.id);

describe("environmentsApp", () => {
  it("has a stack for each environment", () => {
    expect(stacksOf({})).toEqual(["prod", "staging"]);
  });

  it("has one more for a state bucket that is made here, once for all that keep their state in it", () => {
    expect(stacksOf({ bucketStack: "local" })).toEqual(["prod", "staging", "state-bucket-acme_state"]);
  });

  it.each<[string, object, object, object, Record<string, object>]>([
    ["ours without options", {}, {}, { ManagedBy: "terraform" }, {}],
    [
      "those that all environments share",
      { defaultTags: { owner: "platform", stage: "prod" }, tags: { "cost-center": "4711" } },
      { defaultTags: { owner: "platform", stage: "staging" }, tags: { "cost-center": "4711" } },
      { owner: "platform", "cost-center": "4711" },
      {},
    ],
    [
      "those of all, not of some, with tags over default tags",
      { defaultTags: { owner: "platform", stage: "early" }, tags: { stage: "late" } },
      { tags: { owner: "platform", stage: "late" } },
      { stage: "late" },
      { test: { tags: { owner: "test", stage: "late" } } },
    ],
    ["none, if there are none", { defaultTags: {} }, { defaultTags: {} }, {}, {}],
  ])("gives the state's bucket tags: %s", (_, prod, staging, tags, others) => {
    const stack = appOf({ bucketStack: "local" }, prod, staging, others).node.findChild("state-bucket-acme_state");
    const { provider } = jsonOf(stack as TerraformStack) as unknown as {
      provider: { aws: { default_tags: { tags: object }[] }[] };
    };
    expect(provider.aws[0]!.default_tags[0]!.tags).toEqual(tags);
  });
});
