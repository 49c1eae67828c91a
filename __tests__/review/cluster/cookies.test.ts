import type { Container, Containers } from "../../../src/review/cluster/containers";
import { cookieOf, cookiePlace, sameCookie, type Cookie } from "../../../src/review/cluster/cookies";
import { Resources } from "../../../src/review/read/resources";
import { resource } from "../resource";

function cookie(environment: Record<string, string>, secrets: Record<string, string> = {}, named?: string): Cookie {
  const container = {
    environment: new Map(Object.entries(environment)),
    secrets: new Map(Object.entries(secrets)),
  } as unknown as Container;
  const parameter = resource("aws_ssm_parameter.cookie", named === undefined ? {} : { name: named });
  return cookieOf({ known: [container] } as unknown as Containers, container, new Resources([parameter]));
}
const secret = (from: string, known = true): Cookie => ({ kind: "secret", from, known });
const plain = (value: string): Cookie => ({ kind: "plain", value });

describe("a node's cookie", () => {
  it.each<[Record<string, string>, Record<string, string>, Cookie]>([
    [{}, {}, { kind: "release" }],
    [{ RELEASE_COOKIE: "abc" }, {}, plain("abc")],
    [{ RELEASE_COOKIE: "${var.cookie}" }, {}, secret("${var.cookie}", false)],
    [{}, { RELEASE_COOKIE: "/acme/cookie" }, secret("/acme/cookie")],
    [{ RELEASE_COOKIE: "abc" }, { RELEASE_COOKIE: "/acme/cookie" }, secret("/acme/cookie")],
    // A parameter's ARN and its name are the same place.
    [{}, { RELEASE_COOKIE: "arn:aws:ssm:eu-west-1:1:parameter/acme/cookie" }, secret("/acme/cookie")],
    [{}, { RELEASE_COOKIE: "arn:aws:ssm:eu-west-1:1:parameter/cookie" }, secret("cookie")],
    [{}, { RELEASE_COOKIE: "${aws_ssm_parameter.other.arn}" }, secret("${aws_ssm_parameter.other.arn}", false)],
    // A flag wins, unless a release adds its own.
    [{ ERL_FLAGS: "-setcookie abc" }, {}, plain("abc")],
    [{ ERL_FLAGS: "-setcookie abc", RELEASE_NAME: "shop" }, {}, { kind: "random" }],
    [{ ERL_FLAGS: "-setcookie abc" }, { RELEASE_COOKIE: "/acme/cookie" }, { kind: "random" }],
    [{ ERL_FLAGS: "-setcookie a -setcookie b" }, {}, { kind: "random" }],
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

  it("isn't known without its container", () => {
    expect(cookieOf({ unknown: "a variable" }, undefined, new Resources([]))).toEqual({ kind: "unknown" });
    expect(cookieOf({ known: [] } as unknown as Containers, undefined, new Resources([]))).toEqual({ kind: "unknown" });
  });
});

describe("two nodes", () => {
  const random: Cookie = { kind: "random" };
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
