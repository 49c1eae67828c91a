import { mayDecrypt } from "../../../src/review/iam/decryption";
import { Resources, type Resource } from "../../../src/review/read/resources";
import type { Value, Values } from "../../../src/review/read/value";
import { ref, resource } from "../resource";

const cookie = "arn:aws:ssm:eu-west-1:123456789012:parameter/acme/cookie";
const keyArn = "arn:aws:kms:eu-west-1:123456789012:key/0a1b";
const parameter = (values: Values = {}) =>
  resource("aws_ssm_parameter.cookie", {
    name: "/acme/cookie",
    type: "SecureString",
    key_id: ref("aws_kms_key.own", "arn"),
    ...values,
  });
const key = (values: Values = {}) => resource("aws_kms_key.own", values);
const decrypt = (Resource: string, context?: readonly string[], name = "kms:EncryptionContext:PARAMETER_ARN") => ({
  Effect: "Allow",
  Action: "kms:Decrypt",
  Resource,
  ...(context && { Condition: { StringEquals: { [name]: context } } }),
});

function decrypts(statements: readonly object[], others: readonly Resource[] = [parameter(), key()], from = cookie) {
  const role = resource("aws_iam_role.a", { name: "a" });
  const policy: Value = JSON.stringify({ Statement: statements });
  const own = resource("aws_iam_role_policy.a", { role: "a", policy });
  return mayDecrypt(from, role, new Resources([role, own, ...others]));
}

it.each<[what: string, statements: object[], expected: boolean | undefined]>([
  ["no statement", [], false],
  ["any key", [decrypt("*")], true],
  ["the key", [decrypt("${aws_kms_key.own.arn}")], true],
  ["another key of this configuration", [decrypt("${aws_kms_key.other.arn}")], false],
  ["a key that may be this one", [decrypt("arn:aws:kms:eu-west-1:123456789012:key/*")], undefined],
  ["another service", [decrypt("arn:aws:s3:::x")], false],
  ["a context that may be the parameter's", [decrypt("*", [cookie])], undefined],
  ["another parameter's context", [decrypt("*", [cookie.replace("cookie", "other")])], false],
  ["a context with a wildcard that isn't one", [decrypt("*", [cookie.replace("cookie", "*")])], false],
  ["SSM", [decrypt("*", ["ssm.eu-west-1.amazonaws.com"], "kms:ViaService")], undefined],
  ["another service's calls", [decrypt("*", ["s3.eu-west-1.amazonaws.com"], "kms:ViaService")], false],
])("a role with %s: %s", (_, statements, expected) => {
  expect(decrypts(statements)).toBe(expected);
});

it("compares the context with an ARN that the plan knows", () => {
  const known = [parameter({ arn: cookie }), key()];
  expect(decrypts([decrypt("*", [cookie])], known)).toBe(true);
  const other = resource("aws_ssm_parameter.other", { name: "/acme/other" });
  expect(decrypts([decrypt("*", ["${aws_ssm_parameter.other.arn}"])], [...known, other])).toBe(false);
  expect(decrypts([decrypt("*", ["${aws_ssm_parameter.cookie.arn}"])], known)).toBe(true);
});

it("takes any Region where a plan's ARN is none", () => {
  const odd = [parameter({ arn: "cookie" }), key()];
  expect(decrypts([decrypt("*", ["ssm.eu-west-1.amazonaws.com"], "kms:ViaService")], odd)).toBeUndefined();
  expect(decrypts([decrypt("*", ["s3.eu-west-1.amazonaws.com"], "kms:ViaService")], odd)).toBe(false);
});

it("knows a secret's key and context", () => {
  const made = resource("aws_secretsmanager_secret.db", { name: "db", kms_key_id: ref("aws_kms_key.own", "arn") });
  const of = (context: string, name = "SecretARN") =>
    decrypts(
      [decrypt("*", [context], `kms:EncryptionContext:${name}`)],
      [made, key()],
      "${aws_secretsmanager_secret.db.arn}",
    );
  expect(of("${aws_secretsmanager_secret.db.arn}")).toBeUndefined();
  expect(of("arn:aws:secretsmanager:eu-west-1:1:secret:other-AbCdEf")).toBe(false);
});

it.each<[what: string, others: Resource[]]>([
  ["a parameter elsewhere", []],
  ["text that isn't encrypted", [parameter({ type: "String" }), key()]],
  ["AWS's key", [parameter({ key_id: "alias/aws/ssm" }), key()]],
  ["a key with a policy of its own", [parameter(), key({ policy: "{}" })]],
  ["a key with a policy resource", [parameter(), key(), resource("aws_kms_key_policy.a", {})]],
  ["a key elsewhere, whose policy may allow it", [parameter({ key_id: keyArn })]],
])("isn't known for %s", (_, others) => {
  expect(decrypts([], others)).toBeUndefined();
});

it("is refused where a statement names a key from elsewhere for another parameter", () => {
  const others = [parameter({ key_id: keyArn })];
  expect(decrypts([decrypt(keyArn, [cookie.replace("cookie", "other")])], others)).toBe(false);
  expect(decrypts([decrypt(keyArn)], others)).toBe(true);
});
