import { changed, example } from "../../example";
import { messagesOf } from "../../messages";

const bucket = { bucket: "acme-terraform-state", bucketStack: "local" };
const other = (options: object) => ({
  ...example.prod,
  state: { s3: { ...bucket, key: "staging.tfstate" } },
  vpc: { id: "vpc-0abc1234" },
  ecsCluster: { name: "staging" },
  ...options,
});

describe("two environments that create one namespace", () => {
  const message =
    'environments.staging.namespace.create: "organization.local". Allowed: another name: "prod" creates this one in the same VPC.';

  it("in a VPC that both look up by the same tags, in any order", () => {
    const file = changed({
      "prod/vpc": { tags: { Name: "main", Team: "core" } },
      staging: other({ vpc: { tags: { Team: "core", Name: "main" } } }),
    });
    expect(messagesOf(file)).toEqual([message]);
  });

  it.each<[string, object]>([
    ["in VPCs of other tags", { vpc: { tags: { Name: "staging" } } }],
    ["in another region", { region: "eu-central-1", vpc: { tags: { Name: "main" } } }],
  ])("%s are right", (_, options) => {
    const file = changed({ "prod/vpc": { tags: { Name: "main" } }, staging: other(options) });
    expect(messagesOf(file)).toEqual([]);
  });

  it("in different accounts are right", () => {
    const file = changed({
      "prod/account": "111111111111",
      staging: other({ account: "222222222222", vpc: example.prod.vpc }),
    });
    expect(messagesOf(file)).toEqual([]);
  });
});

describe("a state bucket that two environments describe", () => {
  const withStates = (prod: object, staging: object) =>
    changed({
      "prod/state": { s3: { ...bucket, key: "prod.tfstate", ...prod } },
      staging: other({ state: { s3: { ...bucket, key: "staging.tfstate", ...staging } } }),
    });

  it("is right when both say the same", () => {
    expect(messagesOf(withStates({ region: "eu-west-1" }, {}))).toEqual([]);
  });

  it("is refused when they differ, with what differs", () => {
    expect(messagesOf(withStates({ kmsKeyId: "alias/state" }, { bucketStack: "bucket" }))).toEqual([
      'environments.staging.state.s3: kmsKeyId not set, bucketStack "bucket". Allowed: the same as "prod" has for the bucket "acme-terraform-state", which one stack creates: kmsKeyId "alias/state", bucketStack "local".',
    ]);
  });

  it("is refused in another region", () => {
    expect(messagesOf(withStates({}, { region: "us-east-1" }))).toEqual([
      'environments.staging.state.s3: region "us-east-1". Allowed: the same as "prod" has for the bucket "acme-terraform-state", which one stack creates: region "eu-west-1".',
    ]);
  });

  it("is right when only one of them has it made", () => {
    expect(messagesOf(withStates({}, { bucketStack: undefined, kmsKeyId: "alias/state" }))).toEqual([]);
  });
});
