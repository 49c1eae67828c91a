import type { Container, Containers } from "../../../../src/review/cluster/node/containers";
import { cookieOf, cookiePlace, sameCookie, type Cookie } from "../../../../src/review/cluster/node/cookies";
import { Resources } from "../../../../src/review/read/resources";
import { resource } from "../../resource";

function cookie(
  environment: Record<string, string>,
  secrets: Record<string, string> = {},
  named?: string,
  environmentFiles: string[] = [],
): Cookie {
  const container = {
    environment: new Map(Object.entries(environment)),
    secrets: new Map(Object.entries(secrets)),
    environmentFiles,
  } as unknown as Container;
  const name: Record<string, string> = named === undefined ? {} : { name: named };
  const parameter = resource("aws_ssm_parameter.cookie", name);
  const managed = ["one", "same"].map((id) => resource(`data.aws_secretsmanager_secret.${id}`, name));
  return cookieOf({ known: [container] } as unknown as Containers, container, new Resources([parameter, ...managed]));
}
const secret = (from: string, known = true, owner?: string): Cookie => ({
  kind: "secret",
  from,
  known,
  ...(owner !== undefined && { owner }),
});
const twoCookies: Cookie = {
  kind: "random",
  why: "the flags contain -setcookie in addition to the release's own: the BEAM uses neither, and each node creates its own cookie",
};
const dashed: Cookie = {
  kind: "random",
  why: "RELEASE_COOKIE begins with -, which the BEAM takes for a flag: each node creates its own cookie, or doesn't start",
};
const plain = (value: string): Cookie => ({ kind: "plain", value });

describe("a node's cookie", () => {
  it.each<[Record<string, string>, Record<string, string>, Cookie]>([
    [{}, {}, { kind: "release" }],
    [{ RELEASE_COOKIE: "" }, {}, { kind: "release" }],
    [{ RELEASE_COOKIE: "-84BlQcX_abc" }, {}, dashed],
    [{ RELEASE_COOKIE: "--" }, {}, dashed],
    [{ RELEASE_COOKIE: "a-b" }, {}, plain("a-b")],
    [{ RELEASE_COOKIE: "abc" }, {}, plain("abc")],
    [{ RELEASE_COOKIE: "${var.cookie}" }, {}, secret("${var.cookie}", false)],
    [{}, { RELEASE_COOKIE: "/acme/cookie" }, secret("/acme/cookie")],
    [{ RELEASE_COOKIE: "abc" }, { RELEASE_COOKIE: "/acme/cookie" }, secret("/acme/cookie")],
    // A parameter's ARN and its name are the same place.
    [
      {},
      { RELEASE_COOKIE: "arn:aws:ssm:eu-west-1:1:parameter/acme/cookie" },
      secret("/acme/cookie", true, "eu-west-1:1"),
    ],
    [{}, { RELEASE_COOKIE: "arn:aws:ssm:eu-west-1:1:parameter/cookie" }, secret("cookie", true, "eu-west-1:1")],
    [{}, { RELEASE_COOKIE: "${aws_ssm_parameter.other.arn}" }, secret("${aws_ssm_parameter.other.arn}", false)],
    // A flag wins, unless a release adds its own.
    [{ ERL_FLAGS: "-setcookie abc" }, {}, plain("abc")],
    [{ ERL_FLAGS: "-setcookie abc", RELEASE_NAME: "shop" }, {}, twoCookies],
    [{ ERL_FLAGS: "-setcookie abc" }, { RELEASE_COOKIE: "/acme/cookie" }, twoCookies],
    [{ ERL_FLAGS: "-setcookie a -setcookie b" }, {}, twoCookies],
    [{ ERL_FLAGS: "-setcookie node a", RELEASE_NAME: "shop" }, {}, { kind: "release" }],
    [{ ERL_FLAGS: "-setcookie abc", MY_RELEASE_NAME: "shop" }, {}, plain("abc")],
  ])("%j, %j", (environment, secrets, expected) => {
    expect(cookie(environment, secrets)).toEqual(expected);
  });

  it.each(["arn", "name", "id"])("is where a parameter's %s leads", (attribute) => {
    const from = { RELEASE_COOKIE: `\${aws_ssm_parameter.cookie.${attribute}}` };
    expect(cookie({}, from, "/acme/cookie")).toEqual(secret("/acme/cookie"));
    expect(cookie({}, from)).toEqual(secret(from.RELEASE_COOKIE, false));
  });

  it.each([
    ["${data.aws_secretsmanager_secret.one.arn}", "prod/shop", true],
    ["${data.aws_secretsmanager_secret.same.arn}:cookie::", "prod/shop:cookie", true],
    ["${data.aws_secretsmanager_secret.one.arn}:cookie:AWSCURRENT:", "prod/shop:cookie", true],
    ["${data.aws_secretsmanager_secret.one.arn}:cookie:AWSCURRENT", "prod/shop:cookie", true],
    ["${data.aws_secretsmanager_secret.one.arn}:cookie:AWSPREVIOUS:", "prod/shop:cookie:AWSPREVIOUS", true],
    [
      "${data.aws_secretsmanager_secret.other.arn}:cookie::",
      "${data.aws_secretsmanager_secret.other.arn}:cookie",
      false,
    ],
  ])("is where a secret of Secrets Manager leads: %s", (RELEASE_COOKIE, from, known) => {
    expect(cookie({}, { RELEASE_COOKIE }, "prod/shop")).toEqual(secret(from, known));
  });

  it("has the owner of a secret's ARN", () => {
    const arn = "arn:aws:secretsmanager:eu-west-1:1:secret:prod/shop-AbCdEf";
    expect(cookie({}, { RELEASE_COOKIE: `${arn}:cookie:AWSCURRENT:` })).toEqual(
      secret(`${arn}:cookie`, true, "eu-west-1:1"),
    );
  });

  it("may be in an environment file, unless the container definition sets it", () => {
    const file = "arn:aws:s3:::acme/shop.env";
    expect(cookie({}, {}, undefined, [file])).toEqual({ kind: "unknown", file });
    expect(cookie({ RELEASE_COOKIE: "abc" }, {}, undefined, [file])).toEqual(plain("abc"));
  });

  it("isn't known without its container", () => {
    expect(cookieOf({ unknown: "a variable" }, undefined, new Resources([]))).toEqual({ kind: "unknown" });
    expect(cookieOf({ known: [] } as unknown as Containers, undefined, new Resources([]))).toEqual({ kind: "unknown" });
  });
});

describe("two nodes", () => {
  const random = twoCookies;
  const release: Cookie = { kind: "release" };
  const unknown: Cookie = { kind: "unknown" };

  it.each<[Cookie, Cookie, boolean, boolean | undefined, RegExp | undefined]>([
    [plain("a"), plain("a"), false, true, undefined],
    [plain("a"), plain("b"), false, false, /^different cookies$/],
    [secret("/a"), secret("/a"), false, true, undefined],
    [secret("/a"), secret("/b"), false, undefined, /from \/a and \/b/],
    [secret("/a"), plain("a"), false, undefined, /different places$/],
    [release, release, false, undefined, /each release/],
    [release, release, true, true, undefined],
    [release, plain("a"), false, undefined, /different places$/],
    [unknown, plain("a"), false, undefined, /isn't known$/],
    [plain("a"), unknown, false, undefined, /isn't known$/],
    [unknown, unknown, true, true, undefined],
    [secret("/a", true, "eu-west-1:1"), secret("/a", true, "eu-west-1:1"), false, true, undefined],
    [secret("/a", true, "eu-west-1:1"), secret("/a"), false, true, undefined],
    [
      secret("/a", true, "eu-west-1:1"),
      secret("/a", true, "eu-west-1:2"),
      false,
      undefined,
      /\(eu-west-1, account 2\)/,
    ],
    [secret("/a", true, "eu-west-1:1"), secret("/b", true, "eu-west-1:2"), false, undefined, /from \/a and \/b:/],
    [{ kind: "unknown", file: "arn:aws:s3:::a/b.env" }, plain("a"), false, undefined, /b\.env may set it/],
    [random, random, true, false, /-setcookie/],
    [random, plain("a"), false, false, /-setcookie/],
    [plain("a"), random, false, false, /-setcookie/],
  ])("with %j and %j (one service: %s) have the same: %s", (one, other, sameService, same, why) => {
    const found = sameCookie(one, other, sameService);
    expect(found.same).toBe(same);
    expect(found.why ?? "").toMatch(why ?? /^$/);
  });

  it("name the place of their cookie where it is surely one", () => {
    expect([secret("/a"), secret("${var.a}", false), plain("a"), release, unknown, random].map(cookiePlace)).toEqual([
      "/a",
      undefined,
      "its environment",
      "its release",
      undefined,
      undefined,
    ]);
  });
});
