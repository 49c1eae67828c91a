import { changed } from "../example";
import { messagesOf } from "../messages";
import { notEmpty } from "../../not-empty";

const variables = "environments.prod.services.myapp.environment";
const withVariable = (value: string) => changed({ "prod/services/myapp/environment": { TEXT: value } });

describe("a text that no field can take", () => {
  it.each<[string, unknown, string]>([
    [
      "CDKTF's own mark of a reference",
      withVariable("${TfToken[TOKEN.0]}"),
      `${variables}.TEXT: "\${TfToken[TOKEN.0]}". Allowed: text without "TfToken[", which CDKTF takes for its own reference.`,
    ],
    [
      "an escape character",
      withVariable("\u001b[2J"),
      `${variables}.TEXT: "\\u001b[2J". Allowed: text without control characters, except line breaks and tabs.`,
    ],
    [
      "a NUL",
      withVariable("a\u0000b"),
      `${variables}.TEXT: "a\\u0000b". Allowed: text without control characters, except line breaks and tabs.`,
    ],
    [
      "a line break in a path",
      changed({ "prod/services/myapp/image": { build: "a\nb" } }),
      'environments.prod.services.myapp.image.build: "a\\nb". Allowed: text without control characters.',
    ],
    [
      "a control character in a key",
      changed({ "prod/vpc": { tags: { "a\u0007b": "c" } } }),
      'environments.prod.vpc.tags.a\\u0007b: "a\\u0007b". Allowed: text without control characters.',
    ],
    [
      "a path of ten million characters",
      changed({ "prod/services/myapp/image": { build: "a/".repeat(5_000_000) } }),
      `environments.prod.services.myapp.image.build: "${"a/".repeat(38)}…. Allowed: at most 65536 characters.`,
    ],
    [
      "a path that Linux doesn't take",
      changed({ "prod/services/myapp/image": { build: "a".repeat(4096) } }),
      `environments.prod.services.myapp.image.build: "${"a".repeat(76)}…. Allowed: a folder, at most 4095 characters.`,
    ],
  ])("%s", (_, file, message) => {
    expect(messagesOf(file)).toEqual([message]);
  });
});

it("a key with a line break takes one line in every message about it", () => {
  const messages = messagesOf(changed({ "prod/services": { "a\n::error::b": { image: { uri: "x" } } } }));
  expect(messages.length).toBeGreaterThan(1);
  for (const message of notEmpty(messages))
    expect(message).toMatch(/^environments\.prod\.services\.a\\n::error::b.*: .*$/);
});

it("a value of several lines is right", () => {
  expect(messagesOf(withVariable("-----BEGIN KEY-----\r\n\tabc\n"))).toEqual([]);
});

it.each(["constructor", "toString", "valueOf", "hasOwnProperty"])("a variable may be called %s", (name) => {
  expect(messagesOf(changed({ "prod/services/myapp/environment": { [name]: "x" } }))).toEqual([]);
});
