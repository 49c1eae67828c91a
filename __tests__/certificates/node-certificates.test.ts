import { X509Certificate } from "node:crypto";
import {
  certificateDays,
  certificatesFrom,
  createCertificates,
  endOf,
  issuerOf,
  nextRotationStep,
  type NodeCertificates,
  reissue,
  rotateAuthority,
  textsOf,
} from "../../src/certificates/node-certificates";

const now = new Date("2026-11-26T12:00:00Z");
const days = (count: number) => new Date(now.getTime() + count * 86_400_000);

/** Whether a node with one set accepts the certificate of a node with the other. */
const accepts = (one: NodeCertificates, other: NodeCertificates) =>
  issuerOf(other.node.certificate, one.trusted) !== undefined;

describe("certificates of nodes", () => {
  let first: NodeCertificates;

  beforeAll(async () => {
    first = await createCertificates("prod", now);
  });

  it("come from an authority that signs nothing but them", () => {
    const [authority] = first.trusted.map((each) => new X509Certificate(each));
    const node = new X509Certificate(first.node.certificate);
    expect(authority!.subject).toMatch(/^CN=prod authority [0-9a-f]{8}$/);
    expect([authority!.ca, node.ca]).toEqual([true, false]);
    expect(node.subject).toBe("CN=prod nodes");
    expect(node.verify(authority!.publicKey)).toBe(true);
    expect([node, authority!].map(({ publicKey }) => publicKey.asymmetricKeyDetails)).toEqual([
      { namedCurve: "prime256v1" },
      { namedCurve: "prime256v1" },
    ]);
    expect(node.keyUsage).toEqual(["1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2"]);
  });

  it("are valid as long as they say, from an hour ago", () => {
    const node = new X509Certificate(first.node.certificate);
    expect(new Date(node.validFrom)).toEqual(new Date("2026-11-26T11:00:00Z"));
    expect(endOf(first.node.certificate)).toEqual(days(certificateDays.node));
    expect(endOf(first.trusted[0]!)).toEqual(days(certificateDays.authority));
  });

  it("end with their authority at the latest", async () => {
    const late = await reissue("prod", first, days(certificateDays.authority - 10));
    expect(endOf(late.node.certificate)).toEqual(days(certificateDays.authority));
  });

  it("are kept as texts, of which only one contains the authority's key", () => {
    const texts = textsOf(first);
    expect(certificatesFrom(texts.nodes, texts.authority)).toEqual(first);
    expect(texts.nodes).not.toContain(first.authorities[0]!.key);
    expect(texts.public).not.toContain("PRIVATE KEY");
  });

  it("fit into a standard parameter, also during a rotation", async () => {
    const widest = await rotateAuthority("prod-with-a-long-name-of-32-chars", first, now);
    const longest = Math.max(...Object.values(textsOf(widest)).map(({ length }) => length));
    expect(longest).toBeLessThan(4096);
  });

  it("are renewed with the same authority", async () => {
    const second = await reissue("prod", first, now);
    expect(second.node).not.toEqual(first.node);
    expect([accepts(first, second), accepts(second, first)]).toEqual([true, true]);
  });

  it("can't be renewed without the authority's key", async () => {
    await expect(reissue("prod", { ...first, authorities: [] }, now)).rejects.toThrow("key is missing");
  });

  it("change their authority in three steps, and nodes before and after each accept each other", async () => {
    const sets = [first];
    const steps = [];
    for (let step = 0; step < 3; step += 1) {
      steps.push(nextRotationStep(sets.at(-1)!));
      sets.push(await rotateAuthority("prod", sets.at(-1)!, now));
    }
    expect(steps).toEqual(["trust the new authority", "use the new authority", "trust only the new authority"]);
    const neighbours = sets.slice(1).map((after, at) => [sets[at]!, after] as const);
    expect(neighbours.map(([before, after]) => [accepts(before, after), accepts(after, before)])).toEqual([
      [true, true],
      [true, true],
      [true, true],
    ]);
    const last = sets.at(-1)!;
    expect([accepts(first, last), accepts(last, first)]).toEqual([false, false]);
    const names = [first, last].map(({ trusted }) => new X509Certificate(trusted[0]!).subject);
    expect(names[0]).not.toBe(names[1]);
    expect([last.trusted.length, last.authorities.length, nextRotationStep(last)]).toEqual([
      1,
      1,
      "trust the new authority",
    ]);
  });

  it("refuses a text that is something else, without showing it", () => {
    expect(() => certificatesFrom("a-secret")).toThrow(/^(?!.*a-secret).*private key, the nodes' certificate/);
  });
});
