import { parseEnvironments } from "../../../src/environment";
import { environmentsApp } from "../../../src/stacks/app/environments-app";
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
const stacksOf = (s3: object) => {
  const file = { prod: environment("prod", s3), staging: environment("staging", s3) };
  const app = environmentsApp(parseEnvironments(JSON.stringify(file), "environments.json"), scratchFolder("out"));
  return app.node.children.map(({ node }) => node.id);
};

describe("environmentsApp", () => {
  it("has a stack for each environment", () => {
    expect(stacksOf({})).toEqual(["prod", "staging"]);
  });

  it("has one more for a state bucket that is made here, once for all that keep their state in it", () => {
    expect(stacksOf({ bucketStack: "local" })).toEqual(["prod", "staging", "state-bucket-acme_state"]);
  });
});
