import { App, TerraformStack } from "cdktf";
import { ErlangDistribution } from "../../../src/constructs/service/erlang-distribution";
import { ReleaseSecret } from "../../../src/constructs/service/secrets/release-secret";
import { UserError } from "../../../src/user-error";

describe("ErlangDistribution", () => {
  it("has epmd's port and the range in epmd mode", () => {
    expect(ErlangDistribution.epmd().ports).toEqual([
      { from: 4369, to: 4369 },
      { from: 9000, to: 9010 },
    ]);
  });

  it("has one port in single-port mode", () => {
    expect(ErlangDistribution.singlePort(9000).ports).toEqual([{ from: 9000, to: 9000 }]);
  });

  it("tells the container the ports that the rules open", () => {
    expect(ErlangDistribution.epmd({ from: 9100, to: 9105 }).environment).toEqual({
      DISTRIBUTION_MODE: "epmd",
      DISTRIBUTION_PORT_MIN: "9100",
      DISTRIBUTION_PORT_MAX: "9105",
    });
    expect(ErlangDistribution.singlePort(9200).environment).toEqual({
      DISTRIBUTION_MODE: "single-port",
      DISTRIBUTION_PORT_MIN: "9200",
      DISTRIBUTION_PORT_MAX: "9200",
    });
  });

  describe("over TLS", () => {
    const secret = (scope: TerraformStack, id: string) => new ReleaseSecret(scope, id, { ssmParameter: `/${id}` });
    const stack = new TerraformStack(new App(), "stack");
    const certificates = secret(stack, "certificates");
    const tls = ErlangDistribution.tls(9100, certificates);

    it("has one port, and gives the container mode, port and certificates", () => {
      expect(tls.ports).toEqual([{ from: 9100, to: 9100 }]);
      expect(tls.environment).toEqual({
        DISTRIBUTION_MODE: "tls",
        DISTRIBUTION_PORT_MIN: "9100",
        DISTRIBUTION_PORT_MAX: "9100",
      });
      expect(tls.secrets).toEqual({ DISTRIBUTION_CERTIFICATES: certificates });
      expect(ErlangDistribution.singlePort().secrets).toEqual({});
      expect(tls.withExtraPorts([{ from: 5000, to: 5000 }]).secrets).toEqual(tls.secrets);
      expect(String(tls)).toBe("TLS on port 9100 with the certificates in /certificates");
    });

    it("talks only to nodes that encrypt on the same port with the same certificates, as far as these are known", () => {
      const others = {
        same: ErlangDistribution.tls(9100, certificates),
        peer: ErlangDistribution.tls(9100),
        otherCertificates: ErlangDistribution.tls(9100, secret(stack, "others")),
        otherPort: ErlangDistribution.tls(9101, certificates),
        plain: ErlangDistribution.singlePort(9100),
      };
      const compatible = Object.entries(others).flatMap(([name, other]) => (tls.isCompatibleWith(other) ? [name] : []));
      expect(compatible).toEqual(["same", "peer"]);
    });
  });

  it("opens extra ports next to its own, merged where they are adjacent", () => {
    const distribution = ErlangDistribution.epmd().withExtraPorts([
      { from: 9011, to: 9020 },
      { from: 5000, to: 5000 },
    ]);
    expect(distribution.ports).toEqual([
      { from: 4369, to: 4369 },
      { from: 5000, to: 5000 },
      { from: 9000, to: 9020 },
    ]);
    expect(distribution.distributionPorts).toEqual(ErlangDistribution.epmd().ports);
  });

  it.each([
    [
      { from: 9010, to: 9000 },
      "distribution ports 9010–9000: they must be within 1024–65535, the first not above the last",
    ],
    [
      { from: 1000, to: 9000 },
      "distribution ports 1000–9000: they must be within 1024–65535, the first not above the last",
    ],
    [
      { from: 9000, to: 65536 },
      "distribution ports 9000–65536: they must be within 1024–65535, the first not above the last",
    ],
    [
      { from: 4000, to: 5000 },
      "distribution ports 4000–5000 contain 4369, which is epmd's own: choose a range without it",
    ],
  ])("refuses %j", (range, message) => {
    expect(() => ErlangDistribution.epmd(range)).toThrow(new UserError(message));
  });

  it.each([
    { from: 9000.5, to: 9010 },
    { from: 9000, to: 9010.5 },
    { from: 1023, to: 1030 },
    { from: 4369, to: 4380 },
    { from: 4300, to: 4369 },
  ])("refuses %j too", (range) => {
    expect(() => ErlangDistribution.epmd(range)).toThrow(UserError);
  });

  it.each([
    { from: 1024, to: 1024 },
    { from: 65535, to: 65535 },
    { from: 4300, to: 4368 },
    { from: 4370, to: 4380 },
  ])("takes %j", (range) => {
    expect(ErlangDistribution.epmd(range).environment).toMatchObject({
      DISTRIBUTION_PORT_MIN: String(range.from),
      DISTRIBUTION_PORT_MAX: String(range.to),
    });
  });

  it("fits one of the same mode; single ports must be the same", () => {
    const epmd = ErlangDistribution.epmd();
    const single = ErlangDistribution.singlePort(9000);
    expect(epmd.isCompatibleWith(ErlangDistribution.epmd({ from: 9100, to: 9110 }))).toBe(true);
    expect(epmd.isCompatibleWith(single)).toBe(false);
    expect(single.isCompatibleWith(ErlangDistribution.singlePort(9000))).toBe(true);
    expect(single.isCompatibleWith(ErlangDistribution.singlePort(9001))).toBe(false);
  });
});
