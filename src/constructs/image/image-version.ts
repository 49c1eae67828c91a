import { createHash } from "node:crypto";

/** Longest tag that is a version as it is: a commit's SHA-1. The basename of a node is part of an atom, which has 255 characters. */
const maxTag = 40;
/** Hexadecimal digits of a digest: 48 bits. */
const digits = 12;

/**
 * The version that an image's URI names, with characters that a node's name may have: the first 12 digits of its digest, or
 * its tag with `_` in place of dots. A tag of more than 40 characters gives a digest of the URI.
 *
 * @returns `undefined` when the URI has no tag, or `latest`: different images then have the same URI
 */
export function imageVersion(uri: string): string | undefined {
  const [, digest] = new RegExp(`@sha256:([0-9a-f]{${digits}})`).exec(uri) ?? [];
  if (digest !== undefined) return digest;
  const [, tag] = /:([A-Za-z0-9_.-]+)$/.exec(uri) ?? [];
  if (tag === undefined || tag === "latest") return undefined;
  if (tag.length > maxTag) return createHash("sha256").update(uri).digest("hex").slice(0, digits);
  return tag.replaceAll(".", "_");
}

/** The same as a Terraform expression. @param uri an expression, such as `var.image` */
export const imageVersionExpression = (uri: string): string =>
  `try(regex("@sha256:([0-9a-f]{${digits}})", ${uri})[0], ` +
  `replace(regex(":([A-Za-z0-9_.-]{1,${maxTag}})$", ${uri})[0], ".", "_"), substr(sha256(${uri}), 0, ${digits}))`;

/** The Terraform condition that the URI names a version at all. */
export const hasImageVersionExpression = (uri: string): string =>
  `can(regex("@sha256:[0-9a-f]{64}$|:[A-Za-z0-9_.-]+$", ${uri})) && !endswith(${uri}, ":latest")`;
