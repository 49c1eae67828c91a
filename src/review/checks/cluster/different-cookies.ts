import { cookiePlace, sameCookie } from "../../cluster/node/cookies";
import { clusters } from "../../cluster/connections/partitions";
import type { Service } from "../../cluster/services";
import type { Check } from "../check";

export const differentCookies: Check = {
  id: "different-cookies",
  title: "Services of one cluster take their cookies from different places",
  severity: "error",
  rationale:
    'Nodes with different cookies refuse each other. Two parameters may have the same value today, but the next rotation of one of them splits the cluster, and logs only contain "Connection attempt from node … rejected".',
  remediation: "Inject RELEASE_COOKIE from the same parameter into every service of the cluster.",
  limitations:
    "Services that poll each other, directly or through others, are one cluster. Without CLUSTER_NODES or DNS_CLUSTER_QUERY the check reports nothing. If one cookie is in the environment and the other in a parameter, the finding is a warning: they may be equal.",
  sources: ["https://www.erlang.org/doc/system/distributed.html#security"],
  *find({ matrix }) {
    for (const services of clusters(matrix)) {
      const places = new Map<string, Service[]>();
      for (const service of services) {
        const place = cookiePlace(service.cookie);
        if (place !== undefined) places.set(place, [...(places.get(place) ?? []), service]);
      }
      const groups = [...places.values()].sort((one, other) => other.length - one.length);
      const [most, ...rest] = groups.map((group) => group[0]!);
      // Two values in the environment that differ: the matrix reports NO.
      if (!most || rest.length === 0 || groups.flat().every(({ cookie }) => cookie.kind === "plain")) continue;
      const parameters = groups.flat().filter(({ cookie }) => cookie.kind === "secret");
      const certain = parameters.some((one) => parameters.some((other) => differ(one, other)));
      yield {
        address: rest.at(-1)!.resource.address,
        message: `${services.map(({ name }) => name).join(", ")} are one cluster, and their cookies come from different places: ${[...places].map(([place, group]) => `${group.map(({ name }) => name).join(", ")} from ${place}`).join("; ")}`,
        ...(!certain && { severity: "warning" as const }),
      };
    }
  },
};

function differ(one: Service, other: Service): boolean {
  return (
    sameCookie(one.cookie, other.cookie, false).same === undefined &&
    cookiePlace(one.cookie) !== cookiePlace(other.cookie)
  );
}
