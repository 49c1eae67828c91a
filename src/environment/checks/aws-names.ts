import { execLogGroupName, fullNameOf, logGroupName, roleName } from "../../aws/names";
import { entries, type Json, within } from "../entries";
import { type Problem, quote } from "../problems";
import { type Place, mayShareAccount, namespaceOf, placeOf, sameNamespace } from "./same-place";

/** One AWS resource with the name that it will have. */
interface Named {
  /** What it is, as a message says it. */
  readonly what: string;
  readonly name: string;
  /** Whether `name` must be unique among the resources of both places. */
  readonly collides: (here: Place, there: Place) => boolean;
  readonly place: Place;
  /** The service, or the environment itself, that the resource belongs to. */
  readonly owner: string;
  /** Where in the file the name is decided. */
  readonly path: readonly string[];
  /** The option that gives it another name; `undefined` where only the owner's own name does. */
  readonly option?: string;
  /** Whether the file states the name, rather than leaving it to the default. */
  readonly stated: boolean;
}

const inAccount = () => true;
const inRegion = (here: Place, there: Place) => here.region === there.region;
const inEcsCluster = (here: Place, there: Place) =>
  inRegion(here, there) && here.ecsCluster !== undefined && here.ecsCluster === there.ecsCluster;

/**
 * Names that AWS refuses a second time: "already exists", "Creation of service was not idempotent", "ServiceAlreadyExists".
 * A plan doesn't show them, since each resource is right by itself. Roles are unique in an account; log groups, task
 * definition families and ECS clusters in a region; ECS services in their ECS cluster; Cloud Map services in their namespace.
 * Environments whose `account` differs never collide.
 */
export function takenNames(environments: readonly (readonly [string, Json])[]): Problem[] {
  const first = new Map<string, Named[]>();
  return environments.flatMap(([environment, options]) =>
    [...ofEnvironment(environment, options), ...ofServices(environment, options)].flatMap((named) => {
      const key = `${named.what} ${named.name}`;
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

function ofEnvironment(environment: string, options: Json): Named[] {
  const name = within(options.ecsCluster, "create");
  if (typeof name !== "string") return [];
  const place = placeOf(environment, options);
  const path = ["environments", environment, "ecsCluster", "create"];
  const common = { place, owner: environment, path, option: "ecsCluster.create", stated: true, collides: inRegion };
  return [
    { ...common, what: "ECS cluster", name },
    { ...common, what: "log group", name: execLogGroupName(name) },
  ];
}

function ofServices(environment: string, options: Json): Named[] {
  const place = placeOf(environment, options);
  return entries(options.services).flatMap(([service, { names }]) => {
    const fullName = fullNameOf(environment, service);
    const path = ["environments", environment, "services", service];
    const own = { place, owner: service, path, stated: false };
    const named = (what: string, option: string, otherwise: string, collides: Named["collides"]): Named => {
      const stated = within(names, option);
      if (typeof stated !== "string") return { ...own, what, name: otherwise, option: `names.${option}`, collides };
      const at = [...path, "names", option];
      return { ...own, what, name: stated, option: `names.${option}`, collides, path: at, stated: true };
    };
    return [
      { ...own, what: "task definition family", name: fullName, collides: inRegion },
      { ...own, what: "Cloud Map service", name: service, collides: sameNamespace },
      named("ECS service", "service", service, inEcsCluster),
      named("IAM role", "executionRole", roleName(fullName, "execution"), inAccount),
      named("IAM role", "taskRole", roleName(fullName, "task"), inAccount),
      named("log group", "logGroup", logGroupName(fullName), inRegion),
    ];
  });
}

function problem({ what, name, path, place, option, stated }: Named, other: Named): Problem {
  const where = place.environment === other.place.environment ? "" : ` of "${other.place.environment}"`;
  const whose = other.owner === other.place.environment ? `"${other.owner}"` : `"${other.owner}"${where}`;
  const remedy = stated || option === undefined ? "" : ` (${option})`;
  const within = what === "Cloud Map service" ? ` in the namespace ${quote(namespaceOf(place))}` : "";
  const accounts = where === "" ? "" : `. If the two environments are in different AWS accounts, set "account" in both`;
  return {
    path,
    found: `${quote(name)} as the name of the ${what}`,
    allowed: `a name of its own${remedy}${within}: ${whose} has this one${accounts}`,
  };
}
