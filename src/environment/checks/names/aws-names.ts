import {
  clusterGroupName,
  dashboardName,
  egressGroupName,
  execLogGroupName,
  flowLogGroupName,
  flowLogRoleName,
  loadBalancerName,
  nameFrom,
  ownNames,
  scheduleRoleName,
  trafficShiftRoleName,
} from "../../../aws/names";
import { quote } from "../../problems";
import type { EnvironmentParts } from "../../schema/schema";
import { type Entry, type Finding, present } from "../finding";
import { templatesOf } from "./name-templates";
import { type Place, mayShareAccount, namespaceOf, placeOf, sameNamespace, sameVpc } from "./same-place";

/** One AWS resource with the name that it will have. */
interface Named {
  /** What it is, for the message. */
  readonly what: string;
  readonly name: string;
  /** Whether `name` must be unique among the resources of both places. */
  readonly collides: (here: Place, there: Place) => boolean;
  readonly place: Place;
  /** The service, or the environment itself, that the resource belongs to. */
  readonly owner: string;
  /** Where in the file the name comes from. */
  readonly path: readonly string[];
  /** The option that sets the name; `undefined` where only the owner's own name does. */
  readonly option?: string;
  /** Whether the file states the name; otherwise it is the default. */
  readonly stated: boolean;
}

const inAccount = () => true;
const inRegion = (here: Place, there: Place) => here.region === there.region;
const inEcsCluster = (here: Place, there: Place) =>
  inRegion(here, there) && here.ecsCluster !== undefined && here.ecsCluster === there.ecsCluster;

/**
 * Names that AWS accepts only once: "already exists", "Creation of service was not idempotent", "ServiceAlreadyExists".
 * A plan doesn't show these errors, since each resource is valid by itself. Roles are unique in an account; log groups, task
 * definition families and ECS clusters in a region; ECS services in their ECS cluster; Cloud Map services in their namespace;
 * security groups in their VPC. Two services of one environment differ in `{service}`; two environments may have one template.
 * Environments whose `account` differs never collide.
 */
export function takenNames(environments: readonly Entry[]): Finding[] {
  const first = new Map<string, Named[]>();
  return environments.flatMap(([environment, options]) =>
    [
      ...ofEnvironment(environment, options),
      ...ofClusters(environment, options),
      ...ofServices(environment, options),
    ].flatMap((named) => {
      const key = `${named.what} ${distinguished(named)}`;
      const earlier = first.get(key) ?? [];
      first.set(key, [...earlier, named]);
      const other = earlier.find(
        ({ place }) => mayShareAccount(named.place, place) && named.collides(named.place, place),
      );
      if (other === undefined) return [];
      // A name that the file states is the one to change, whichever of the two comes first.
      return [other.stated && !named.stated ? problem(other, named) : problem(named, other)];
    }),
  );
}

/** IAM doesn't distinguish names by case. Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html */
const distinguished = ({ what, name }: Named) => (what === "IAM role" ? name.toLowerCase() : name);

function ofEnvironment(environment: string, options: EnvironmentParts): Named[] {
  const place = placeOf(environment, options);
  const path = ["environments", environment];
  const { resources, roles } = templatesOf(environment, options);
  const common = { place, owner: environment, collides: inRegion };
  const byTemplate = { ...common, path: [...path, "names", "resources"], option: "names.resources", stated: false };
  const name = options.ecsCluster?.create;
  const cluster = { ...common, path: [...path, "ecsCluster", "create"], option: "ecsCluster.create", stated: true };
  const logGroup = options.execSessions?.logGroup;
  const log = { ...cluster, what: "log group" };
  return [
    ...(name === undefined
      ? []
      : [
          { ...cluster, what: "ECS cluster", name },
          logGroup === undefined
            ? { ...log, name: execLogGroupName(name) }
            : { ...log, name: logGroup, path: [...path, "execSessions", "logGroup"], option: "execSessions.logGroup" },
        ]),
    ...(options.egress === undefined
      ? []
      : [{ ...byTemplate, what: "security group for egress", name: egressGroupName(resources), collides: sameVpc }]),
    ...(options.loadBalancer?.create === undefined
      ? []
      : [{ ...byTemplate, what: "load balancer", name: loadBalancerName(resources) }]),
    ...flowLogNames(options.vpc?.create?.flowLogs?.cloudWatch !== undefined, byTemplate, { resources, roles }),
    ...(options.alarms === undefined ? [] : [{ ...byTemplate, what: "dashboard", name: dashboardName(resources) }]),
  ];
}

const flowLogNames = (
  exist: boolean,
  named: Omit<Named, "what" | "name">,
  { resources, roles }: { readonly resources: string; readonly roles: string },
): Named[] =>
  exist
    ? [
        { ...named, what: "log group", name: flowLogGroupName(resources) },
        { ...named, what: "IAM role", name: flowLogRoleName(roles), collides: inAccount },
      ]
    : [];

/** Of a group for each cluster, "prod" with "eu-shop" and "prod-eu" with "shop" give both the same name. */
function ofClusters(environment: string, options: EnvironmentParts): Named[] {
  const place = placeOf(environment, options);
  const { distributionRules } = options;
  if (distributionRules === "pairs") return [];
  const existing = typeof distributionRules === "object" ? Object.keys(distributionRules.groups ?? {}) : [];
  const first = new Map<string, string>();
  for (const [service, { cluster = service }] of present(options.services)) {
    if (!first.has(cluster) && !existing.includes(cluster)) first.set(cluster, service);
  }
  return [...first].map(([cluster, service]) => ({
    place,
    owner: cluster,
    what: "security group of the cluster",
    name: clusterGroupName(templatesOf(environment, options).resources, cluster),
    path: ["environments", environment, "services", service, "cluster"],
    option: "cluster",
    stated: false,
    collides: sameVpc,
  }));
}

function ofServices(environment: string, options: EnvironmentParts): Named[] {
  const place = placeOf(environment, options);
  const templates = templatesOf(environment, options);
  return present(options.services).flatMap(([service, { names = {}, image, schedule = {}, deployment, web }]) => {
    const fullName = nameFrom(templates.resources, service);
    const path = ["environments", environment, "services", service];
    const own = { place, owner: service, path, stated: false };
    const otherwise = ownNames(templates, service);
    const byTemplate = options.names?.resources === undefined ? {} : { option: "names.resources" };
    const named = (what: string, option: keyof typeof otherwise, collides: Named["collides"]): Named => {
      const common = { ...own, what, option: `names.${option}`, collides };
      const stated = names[option];
      if (stated === undefined) return { ...common, name: otherwise[option] };
      return { ...common, name: stated, path: [...path, "names", option], stated: true };
    };
    const role = (name: string): Named => ({ ...own, what: "IAM role", name, collides: inAccount });
    return [
      { ...own, ...byTemplate, what: "task definition family", name: fullName, collides: inRegion },
      { ...own, what: "Cloud Map service", name: service, collides: sameNamespace },
      named("ECS service", "service", inEcsCluster),
      named("IAM role", "executionRole", inAccount),
      named("IAM role", "taskRole", inAccount),
      named("log group", "logGroup", inRegion),
      ...(Object.keys(schedule).length === 0 ? [] : [role(scheduleRoleName(templates.roles, service))]),
      ...(web && deployment?.strategy && !("rolling" in deployment.strategy)
        ? [role(trafficShiftRoleName(templates.roles, service))]
        : []),
      ...(image?.build === undefined
        ? []
        : [{ ...own, what: "ECR repository", name: nameFrom(templates.repositories, service), collides: inRegion }]),
    ];
  });
}

function problem({ what, name, path, place, option, stated }: Named, other: Named): Finding {
  const where = place.environment === other.place.environment ? "" : ` of "${other.place.environment}"`;
  const whose = other.owner === other.place.environment ? `"${other.owner}"` : `"${other.owner}"${where}`;
  const remedy = stated || option === undefined ? "" : ` (${option})`;
  const within = what === "Cloud Map service" ? ` in the namespace ${quote(namespaceOf(place))}` : "";
  const has = other.name === name ? "this one" : `${quote(other.name)}, and IAM doesn't distinguish case`;
  const accounts = where === "" ? "" : `. If the two environments are in different AWS accounts, set "account" in both`;
  return {
    path,
    found: `${quote(name)} as the name of the ${what}`,
    allowed: `a different name${remedy}${within}: ${whose} has ${has}${accounts}`,
  };
}
