import { dnsName, registrationOf } from "../../../../src/review/cluster/discovery/discovery";
import { Inference } from "../../../../src/review/cluster/inferred";
import { Resources } from "../../../../src/review/read/resources";
import { setByAws, Unknown, type Value, type Values } from "../../../../src/review/read/value";
import { ref, resource } from "../../resource";

const records = (...types: Value[]) => types.map((type, at) => ({ type, ttl: 10 * (at + 1) }));
const namespaceOf = (type: string, values: Values = { name: "Org.local", vpc: "vpc-1", id: "ns-1" }) =>
  resource(`${type}.n`, values);
const privateDns = "aws_service_discovery_private_dns_namespace";

/** A service that registers with a Cloud Map service of these values, in this namespace. */
function registered(
  change: Values = {},
  registries: Value | undefined = { registry_arn: ref("aws_service_discovery_service.d", "arn") },
  namespace = namespaceOf(privateDns),
) {
  const discovery = resource("aws_service_discovery_service.d", {
    name: "Shop",
    dns_config: { namespace_id: ref(namespace.address), dns_records: records("A"), routing_policy: "WEIGHTED" },
    ...change,
  });
  const resources = new Resources([discovery, namespace]);
  const service = resource("aws_ecs_service.s", registries === undefined ? {} : { service_registries: registries });
  return registrationOf(service.values, resources, new Inference(service, resources));
}
const discoveryOf = (...args: Parameters<typeof registered>) => {
  const registration = registered(...args);
  return registration.kind === "registered" ? registration.discovery : undefined;
};

describe("a service's registration", () => {
  it("leads to its Cloud Map service and namespace", () => {
    expect(registered()).toEqual({
      kind: "registered",
      registry: "aws_service_discovery_service.d",
      discovery: {
        resource: expect.objectContaining({ address: "aws_service_discovery_service.d" }),
        label: "Shop",
        namespace: "Org.local",
        answersDns: true,
        namespaceVpc: "vpc-1",
        recordTypes: ["A"],
        ttl: 10,
        routingPolicy: "WEIGHTED",
      },
    });
    expect(registered({ arn: "arn:srv-1" })).toMatchObject({ registry: "arn:srv-1" });
  });

  it("is none where there is no registry", () => {
    for (const nothing of [undefined, null, []]) {
      const service = resource("aws_ecs_service.s", nothing === undefined ? {} : { service_registries: nothing });
      const resources = new Resources([]);
      expect(registrationOf(service.values, resources, new Inference(service, resources))).toEqual({ kind: "none" });
    }
  });

  it.each<[Value, object]>([
    [new Unknown("a variable"), { because: "its service registry is unknown: a variable" }],
    [{ registry_arn: new Unknown("a variable") }, { because: "which Cloud Map service isn't known: a variable" }],
    [
      { registry_arn: "arn:elsewhere" },
      { because: "its Cloud Map service is not in this plan", registry: "arn:elsewhere" },
    ],
    [
      { registry_arn: ref("aws_service_discovery_service.gone") },
      { because: "its Cloud Map service is not in this plan" },
    ],
  ])("is unknown where it is %j", (registries, expected) => {
    expect(registered({}, registries)).toEqual({ kind: "unknown", ...expected });
  });

  it.each<[string, Values, string]>([
    ["its DNS configuration", { dns_config: new Unknown("a variable") }, "a variable"],
    [
      "its records",
      { dns_config: { dns_records: [setByAws] } },
      "a dynamic block sets it, and plans don't record dynamic blocks",
    ],
    [
      "a record's type",
      { dns_config: { dns_records: records("SRV", new Unknown("a variable")) } },
      "a type isn't known",
    ],
  ])("is unknown where %s isn't known", (_, change, because) => {
    expect(registered(change)).toEqual({
      kind: "unknown",
      because: `its DNS records are unknown: ${because}`,
      registry: "aws_service_discovery_service.d",
    });
  });

  it("is known as soon as one record is an A record", () => {
    const dns_config = { dns_records: records(new Unknown("a variable"), "A") };
    expect(discoveryOf({ dns_config })).toMatchObject({ recordTypes: ["unknown", "A"], ttl: 20 });
  });

  it("has no TTL where one of its records' isn't known", () => {
    const dns_records = [
      { type: "A", ttl: 10 },
      { type: "SRV", ttl: new Unknown("a variable") },
    ];
    expect(discoveryOf({ dns_config: { dns_records } })!.ttl).toBeUndefined();
    expect(discoveryOf({ dns_config: { dns_records: [] } })!.ttl).toBeUndefined();
  });

  it("has the provider's routing policy where it names none", () => {
    expect(discoveryOf({ dns_config: { dns_records: records("A") } })!.routingPolicy).toBe("MULTIVALUE");
  });

  it.each([
    [privateDns, true],
    ["aws_service_discovery_public_dns_namespace", true],
    ["data.aws_service_discovery_dns_namespace", true],
    ["aws_service_discovery_http_namespace", false],
    ["data.aws_service_discovery_http_namespace", false],
  ])("in a namespace of type %s answers DNS: %s", (type, answersDns) => {
    expect(discoveryOf({}, undefined, namespaceOf(type))).toMatchObject({ namespace: "Org.local", answersDns });
  });

  it("may name its namespace itself, and then answers no DNS", () => {
    expect(discoveryOf({ dns_config: null, namespace_id: "ns-1" })).toMatchObject({
      namespace: "Org.local",
      answersDns: false,
    });
  });

  it("has the VPC of its namespace only where that is known", () => {
    expect(
      discoveryOf({}, undefined, namespaceOf(privateDns, { vpc: ref("aws_vpc.v") }))!.namespaceVpc,
    ).toBeUndefined();
  });
});

describe("the DNS name of a service's tasks", () => {
  it("is label and namespace, in lower case as DNS compares it", () => {
    expect(dnsName(registered())).toBe("shop.org.local");
  });

  it("is none where a part isn't known, no DNS answers, or nothing is registered", () => {
    const http = namespaceOf("aws_service_discovery_http_namespace");
    for (const registration of [
      registered({ name: new Unknown("a variable") }),
      registered({}, undefined, namespaceOf(privateDns, {})),
      registered({}, undefined, http),
      registered({}, new Unknown("a variable")),
      registered({}, []),
    ])
      expect(dnsName(registration)).toBeUndefined();
  });
});
