import { createHash } from "node:crypto";
import { imageVersion } from "../../../src/constructs/image/image-version";
import { imageUris } from "../../image-uris";

describe("imageVersion", () => {
  it.each(imageUris)("of %s is %s", (uri, version) => {
    expect(imageVersion(uri)).toBe(version);
  });

  it("of a longer tag is a digest of the URI", () => {
    const uri = `ghcr.io/acme/shop:${"a".repeat(41)}`;
    expect(imageVersion(uri)).toBe(createHash("sha256").update(uri).digest("hex").slice(0, 12));
  });

  it("fits into a node's name with the longest release name and address", () => {
    const versions = [...imageUris, [`acme/shop:${"a".repeat(128)}`, ""] as const].map(([uri]) => imageVersion(uri)!);
    const names = versions.map((version) => `${"r".repeat(63)}-${version}@255.255.255.255`);
    expect(names.filter((name) => !/^[A-Za-z0-9_-]+@[\d.]+$/.test(name) || name.length > 255)).toEqual([]);
  });

  it.each(["shop", "ghcr.io/acme/shop", "localhost:5000/shop", "ghcr.io/acme/shop:latest"])(
    "of %s is unknown: different images have this URI",
    (uri) => {
      expect(imageVersion(uri)).toBeUndefined();
    },
  );
});
