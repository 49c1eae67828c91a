import type { AppliedLoadBalancing } from "../../../../src/lab/control-plane/applied/load-balancers";
import { Images } from "../../../../src/lab/control-plane/images";
import { scratchFolder } from "../../../scratch";
import { container } from "./container";

const folder = scratchFolder("sample");
const images = new Images([], folder, true);
const noService = { targets: [] };
const inPlaceOf = (part: Parameters<typeof container>[1], service: Parameters<Images["running"]>[1] = noService) =>
  images.running([container("web", part)], service)[0]!;

describe("the sample release in place of another application's image", () => {
  const target = { targetGroupArn: "arn:tg", containerName: "web", containerPort: 8080 };

  it.each([
    ["the load balancer's target", { environment: { PORT: "3000" }, ports: [80] }, { targets: [target] }, "8080"],
    ["the image's PORT", { environment: { PORT: "3000" }, ports: [80] }, noService, "3000"],
    ["the first port mapping", { ports: [80, 443] }, noService, "80"],
    [
      "the sample's own default, where nothing names one",
      {},
      { targets: [{ ...target, containerName: "proxy" }] },
      "4000",
    ],
  ])("listens at the port of %s", (_, part, service, port) => {
    expect(inPlaceOf(part, service).environment["PORT"]).toBe(port);
  });

  it("runs its own start, and answers its own health check with the times of the layout", () => {
    const times = { intervalSeconds: 30, timeoutSeconds: 5, retries: 3, startPeriodSeconds: 60 };
    const healthCheck = { ...times, command: ["/bin/sh", "-c", "wget -q localhost/status || exit 1"] };
    expect(inPlaceOf({ ports: [80], command: ["npm", "start"], healthCheck })).toMatchObject({
      command: [],
      healthCheck: { ...times, command: ["curl", "-fsS", "http://127.0.0.1:80/health"] },
    });
    expect(inPlaceOf({ ports: [80] }).healthCheck).toBeUndefined();
  });

  it("has a cookie: the layout's, or else one that all stand-ins share", () => {
    expect(inPlaceOf({}).environment["RELEASE_COOKIE"]).toBe("stand-in");
    expect(inPlaceOf({ environment: { RELEASE_COOKIE: "own" } }).environment["RELEASE_COOKIE"]).toBe("own");
    const secrets = [{ name: "RELEASE_COOKIE", valueFrom: "/cookie" }];
    expect(inPlaceOf({ secrets }).environment).not.toHaveProperty("RELEASE_COOKIE");
  });

  it("polls the DNS name of a release's service, and nothing where no variable shows a release", () => {
    const service = { targets: [], dnsName: "web.shop.local" };
    const secrets = [{ name: "RELEASE_COOKIE", valueFrom: "/cookie" }];
    expect(inPlaceOf({ secrets }, service).environment).toMatchObject({ DNS_CLUSTER_QUERY: "web.shop.local" });
    expect(inPlaceOf({ secrets }).environment).toMatchObject({ CLUSTER_DISCOVERY: "none" });
    expect(inPlaceOf({}, service).environment).toMatchObject({ CLUSTER_DISCOVERY: "none" });
    const environment = { CLUSTER_NODES: "web@web.shop.local" };
    const own = inPlaceOf({ environment, secrets }, service).environment;
    expect(own).toEqual({ PORT: "4000", ...environment });
  });

  it("is checked by target groups at its own path, over HTTP, with the times of the layout", () => {
    const times = { intervalSeconds: 15, timeoutSeconds: 5, healthyThreshold: 2, unhealthyThreshold: 2 };
    const group = { arn: "arn:tg", protocol: "HTTPS", algorithm: "round_robin", deregistrationDelaySeconds: 5 };
    const healthCheck = { ...times, protocol: "HTTPS", path: "/up", port: 9090, statuses: "204" };
    const applied = { loadBalancers: [], targetGroups: [{ ...group, healthCheck }], limitations: [] };
    const checked = images.checked(applied as unknown as AppliedLoadBalancing);
    expect(checked.targetGroups).toEqual([
      {
        ...group,
        protocol: "HTTP",
        healthCheck: { ...times, protocol: "HTTP", path: "/health", port: undefined, statuses: "200" },
      },
    ]);
    expect(new Images([], folder).checked(checked)).toBe(checked);
  });

  it("doesn't change a program that is mapped, or what a target group asks it", () => {
    const proxy = container("proxy", { image: "haproxy:3", command: ["haproxy", "-W"] });
    const withProgram = new Images(["haproxy=/bin/sh"], folder, true);
    const [same, sample] = withProgram.running([proxy, container("web", { ports: [80] })], noService);
    expect(same).toBe(proxy);
    expect(sample!.environment["PORT"]).toBe("80");
    const applied = { loadBalancers: [], targetGroups: [], limitations: [] };
    expect(withProgram.checked(applied)).toBe(applied);
  });

  it("doesn't change a container whose release the lab runs itself", () => {
    const own = [container("web", { command: ["bin/server"] })];
    expect(new Images([`web=${folder}`]).running(own, noService)).toBe(own);
  });
});
