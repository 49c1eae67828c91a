import {
  certificateDays,
  createCertificates,
  type NodeCertificates,
  rotateAuthority,
  textsOf,
} from "../../../../src/certificates/node-certificates";
import type { DeployedEnvironment } from "../../../../src/operations/deployed-environment";
import { certificateFindings } from "../../../../src/operations/doctor/findings/certificate-findings";
import { ScriptedAws } from "../../../lab/control-plane/scripted-aws";

const start = new Date("2026-01-01T00:00:00Z");
const after = (days: number) => new Date(start.getTime() + days * 86_400_000);
const distribution = (ssmParameter: string) => ({ tls: { certificates: { ssmParameter } } });

/** What the doctor finds on a day about two services with these certificates. */
async function found(text: string | undefined, now: Date, parameter = "/prod/nodes") {
  const asked: unknown[] = [];
  const Parameters = text === undefined ? [] : [{ Name: "/prod/nodes-public", Value: text }];
  const aws = new ScriptedAws({
    GetParameters: (input: unknown) => {
      asked.push(input);
      return { Parameters };
    },
  });
  const services = ["shop", "jobs"].map((name) => ({ name, options: {} }));
  const options = { region: "eu-west-1", distribution: distribution(parameter) };
  const environment = { name: "prod", file: "environments.json", options, services } as unknown as DeployedEnvironment;
  const findings = await certificateFindings(aws.clients, environment, now);
  return { asked, findings: findings.map(({ severity, about, text }) => `${severity}: ${about}: ${text}`) };
}

describe("certificates of nodes", () => {
  let first: NodeCertificates;

  beforeAll(async () => {
    first = await createCertificates("prod", start);
  });

  const on = async (days: number) => (await found(textsOf(first).public, after(days))).findings;

  it("are read without a key, each parameter once", async () => {
    const { asked, findings } = await found(textsOf(first).public, start);
    expect(asked).toEqual([{ Names: ["/prod/nodes-public"], WithDecryption: false }]);
    expect(findings).toEqual([]);
  });

  it("are reported before they end", async () => {
    const { node, warning, urgent } = certificateDays;
    expect(await on(node - warning)).toEqual([]);
    const text = (days: number) =>
      `/prod/nodes: the nodes' certificate expires in ${days} days, on 2027-02-02: nodes can't connect from then on`;
    expect(await on(node - warning + 1)).toEqual([`note: ${text(warning - 1)}`]);
    expect(await on(node - urgent + 1)).toEqual([`error: ${text(urgent - 1)}`]);
    const expired = "error: /prod/nodes: the nodes' certificate expired on 2027-02-02: nodes can't connect";
    expect(await on(node + 1)).toEqual([expired]);
  });

  it("are reported with their authority's", async () => {
    expect(await on(certificateDays.authority + 1)).toEqual([
      expect.stringContaining("the nodes' certificate expired"),
      expect.stringContaining("the authority's certificate expired on 2035-12-30"),
    ]);
  });

  it("are reported while their authority is replaced", async () => {
    const both = await rotateAuthority("prod", first, start);
    expect((await found(textsOf(both).public, start)).findings).toEqual([
      "note: /prod/nodes: its authority is being replaced; the next step: use the new authority",
    ]);
  });

  it("can't be checked where the parameter is missing or contains something else, and aren't in another account", async () => {
    expect((await found(undefined, start)).findings).toEqual([
      "unchecked: /prod/nodes: /prod/nodes-public is missing, so the end of its certificates is unknown",
    ]);
    expect((await found("something", start)).findings).toEqual([
      "unchecked: /prod/nodes: /prod/nodes-public contains no certificates",
    ]);
    const theirs = "arn:aws:ssm:eu-west-1:210987654321:parameter/nodes";
    expect(await found(undefined, start, theirs)).toEqual({ asked: [], findings: [] });
  });
});
