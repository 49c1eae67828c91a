import { readFileSync } from "node:fs";
import path from "node:path";
import { parseEnvironments } from "../../../src/environment";
import { mayDecryptFile } from "../../../src/review/iam/file-decryption";
import { Resources, type Resource } from "../../../src/review/read/resources";
import type { Values } from "../../../src/review/read/value";
import { reviewPlan } from "../../../src/review/review";
import { environmentsApp } from "../../../src/stacks/app/environments-app";
import { synthesize } from "../../../src/stacks/app/synthesis";
import { changed } from "../../environment/example";
import { scratchFolder } from "../../scratch";
import { ref, resource } from "../resource";

const bucketArn = "arn:aws:s3:::acme-config";
const file = `${bucketArn}/shop.env`;
const key = resource("aws_kms_key.own", {});
const ours = ref("aws_kms_key.own", "arn");
const object = (values: Values = {}) =>
  resource("aws_s3_object.env", { bucket: "acme-config", key: "shop.env", kms_key_id: ours, ...values });
const encrypted = (bucketKey: boolean, bucket: Values["bucket"] = "acme-config") =>
  resource("aws_s3_bucket_server_side_encryption_configuration.config", {
    bucket,
    rule: [
      {
        bucket_key_enabled: bucketKey,
        apply_server_side_encryption_by_default: [{ sse_algorithm: "aws:kms", kms_master_key_id: ours }],
      },
    ],
  });

function decrypts(others: readonly Resource[], context?: string, of = file, action = "kms:Decrypt") {
  const role = resource("aws_iam_role.a", { name: "a" });
  const Condition = context && { StringEquals: { "kms:EncryptionContext:aws:s3:arn": [context] } };
  const Statement = [{ Effect: "Allow", Action: action, Resource: "*", ...(Condition && { Condition }) }];
  const policy = resource("aws_iam_role_policy.a", { role: "a", policy: JSON.stringify({ Statement }) });
  return mayDecryptFile(of, role, new Resources([role, policy, ...others]));
}

it.each<[what: string, others: Resource[]]>([
  ["the object's key", [object(), key]],
  ["the key of an object that its ARN names", [object({ bucket: null, key: null, arn: file }), key]],
  ["the key of its bucket, where the object names none", [object({ kms_key_id: null }), encrypted(false), key]],
  ["the key of its bucket, by name", [encrypted(false), key]],
  [
    "the key of its bucket, by reference",
    [encrypted(false, ref("aws_s3_bucket.b", "id")), key, resource("aws_s3_bucket.b", { bucket: "acme-config" })],
  ],
])("a role needs kms:Decrypt with %s", (_, others) => {
  expect(decrypts(others)).toBe(true);
  expect(decrypts(others, file)).toBe(true);
  expect(decrypts(others, `${bucketArn}/other.env`)).toBe(false);
  expect(decrypts(others, undefined, file, "s3:GetObject")).toBe(false);
});

it("gives KMS the bucket's ARN where the bucket has a key", () => {
  expect(decrypts([encrypted(true), key], bucketArn)).toBe(true);
  expect(decrypts([encrypted(true), key], file)).toBe(false);
  expect(decrypts([object({ bucket_key_enabled: true }), key], bucketArn)).toBe(true);
});

it("finds the object and the bucket behind references", () => {
  const bucket = resource("aws_s3_bucket.b", {});
  expect(decrypts([object(), key], undefined, "${aws_s3_object.env.arn}", "s3:GetObject")).toBe(false);
  const others = [encrypted(false, ref("aws_s3_bucket.b", "id")), bucket, key];
  expect(decrypts(others, undefined, "${aws_s3_bucket.b.arn}/shop.env", "s3:GetObject")).toBe(false);
});

it.each<[what: string, others: Resource[]]>([
  ["a file elsewhere", [key]],
  ["another file's key", [object({ key: "other.env" }), key]],
  ["the key of a file of that name in another bucket", [object({ bucket: "other" }), key]],
  ["another bucket's key", [encrypted(false, "acme"), key]],
  ["S3's own key", [object({ kms_key_id: null }), key]],
  ["a key with a policy of its own", [object(), resource("aws_kms_key.own", { policy: "{}" })]],
])("leaves %s undecided", (_, others) => {
  expect(decrypts(others, undefined, file, "s3:GetObject")).toBeUndefined();
});

it("is an error of the review without kmsKeyArn", () => {
  const messages = (kmsKeyArn?: string) => {
    const folder = scratchFolder("out");
    const environment = changed({ "prod/services/myapp/environmentFiles": [{ s3: file, check: "none", kmsKeyArn }] });
    synthesize(environmentsApp(parseEnvironments(JSON.stringify(environment), "file"), folder), () => undefined);
    const stack = JSON.parse(readFileSync(path.join(folder, "stacks/prod/cdk.tf.json"), "utf8")) as {
      resource: Record<string, object>;
    };
    const kms_key_id = "arn:aws:kms:eu-west-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab";
    const own = { arn: kms_key_id, key_id: kms_key_id };
    stack.resource.aws_kms_key = { own };
    stack.resource.aws_s3_object = { env: { bucket: "acme-config", key: "shop.env", kms_key_id } };
    const { findings } = reviewPlan(stack);
    return findings.flatMap(({ check, message }) => (check.id === "environment-file-not-readable" ? [message] : []));
  };
  expect(messages()).toEqual([
    expect.stringMatching(/ may not kms:Decrypt with the file's key for \S+shop\.env: myapp's tasks never start/),
  ]);
  expect(messages("arn:aws:kms:eu-west-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab")).toEqual([]);
});
