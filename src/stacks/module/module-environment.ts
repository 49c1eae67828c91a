import type { Environment, ServiceOptions } from "../../environment";
import { placeholder } from "../../placeholder";
import { type ModuleVariables, variablePart } from "./variables";

type Secret = Environment["releaseCookie"];
type Image = ServiceOptions["image"];

/**
 * The environment of a module: its region is the caller's provider's, and what differs between two instances of a module is
 * a variable. Each variable has the environment's value as its default, except images.
 */
export function moduleEnvironment(environment: Environment, variables: ModuleVariables): Environment {
  const { ecsCluster, namespace, releaseCookie, alarms } = environment;
  const zone = zoneOf(environment.loadBalancer, variables);
  const images = new Map<string, Image>();
  const all = { ...environment, loadBalancer: zone.loadBalancer };
  return {
    ...all,
    region: placeholder("data.aws_region.region.id"),
    state: { local: {} },
    vpc: "id" in all.vpc ? { id: variables.text("vpc_id", "Id of the VPC", all.vpc.id) } : all.vpc,
    ecsCluster:
      "name" in ecsCluster
        ? { name: variables.text("ecs_cluster", "Name of an existing ECS cluster", ecsCluster.name) }
        : { create: variables.text("ecs_cluster", "Name of the new ECS cluster", ecsCluster.create) },
    namespace:
      "create" in namespace
        ? { create: variables.text("namespace", "DNS name of the new Cloud Map namespace", namespace.create) }
        : { existing: variables.text("namespace", "DNS name of an existing Cloud Map namespace", namespace.existing) },
    releaseCookie: secretOf("release_cookie", "the cookie of all nodes", releaseCookie, variables),
    alarms: alarms && {
      ...alarms,
      topic: variables.text("alarm_topic", "ARN of the SNS topic of alarms, in the provider's region", alarms.topic),
    },
    services: Object.fromEntries(
      Object.entries(environment.services).map(([name, service]) => [
        name,
        serviceOf(name, service, { variables, images, zone: zone.name }),
      ]),
    ),
  };
}

/** What services of one module share. */
interface Shared {
  readonly variables: ModuleVariables;
  /** The variable of each distinct image. */
  readonly images: Map<string, Image>;
  /** The zone's name, known and as a placeholder. */
  readonly zone: Zone | undefined;
}

interface Zone {
  readonly known: string;
  readonly placeholder: string;
}

function serviceOf(name: string, service: ServiceOptions, { variables, images, zone }: Shared): ServiceOptions {
  const own = variablePart(name);
  const { web, secrets, connectsTo } = service;
  return {
    ...service,
    image: imageOf(name, service.image, images, variables),
    secrets: Object.fromEntries(
      Object.entries(secrets).map(([variable, secret]) => [
        variable,
        secretOf(`${own}_${variablePart(variable)}`, `${variable} of ${name}`, secret, variables),
      ]),
    ),
    connectsTo: Object.fromEntries(
      Object.entries(connectsTo).map(([server, connection]) => [
        server,
        { ...connection, securityGroup: groupOf(`${own}_${variablePart(server)}`, server, connection, variables) },
      ]),
    ),
    web: web && {
      ...web,
      ...(web.domain === undefined ? {} : { domain: domainOf(name, web.domain, zone, variables) }),
      ...(web.targetGroup === undefined
        ? {}
        : {
            targetGroup: {
              arn: variables.text(`${own}_target_group`, `ARN of the target group of ${name}`, web.targetGroup.arn),
              securityGroupId: variables.text(
                `${own}_load_balancer_security_group`,
                `Id of the security group of the load balancer in front of ${name}`,
                web.targetGroup.securityGroupId,
              ),
            },
          }),
    },
  };
}

/** An image is a variable: who calls the module deploys versions, and a module builds nothing. One variable for equal images. */
function imageOf(service: string, image: Image, images: Map<string, Image>, variables: ModuleVariables): Image {
  if ("sameAs" in image || "variable" in image) return image;
  const key = JSON.stringify(image);
  const known = images.get(key);
  if (known) return known;
  const name = `${variablePart(service)}_image`;
  const uri = "uri" in image ? image.uri : undefined;
  variables.text(name, imageDescription, uri);
  const made = { variable: name };
  images.set(key, made);
  return made;
}

export const imageDescription = "Container image: <repository>@sha256:<digest>";

/** A secret's name or ARN, of the same form as in the file: the form decides how the plan finds it. */
function secretOf(name: string, what: string, secret: Secret, variables: ModuleVariables): Secret {
  const [kind, stored, known] =
    secret.ssmParameter === undefined
      ? (["secret", "secret in Secrets Manager", secret.secretsManager] as const)
      : (["parameter", "SSM parameter", secret.ssmParameter] as const);
  const variable = `${name}_${kind}`;
  const form = ["arn:", "/"].find((beginning) => known.startsWith(beginning));
  const condition = form ? `startswith(var.${variable}, "${form}")` : `!startswith(var.${variable}, "arn:")`;
  const described = `${form === "arn:" ? "ARN" : "Name"} of the ${stored} with ${what}`;
  const text = variables.text(variable, described, known, [
    {
      condition: `\${${condition}}`,
      error_message: `${variable} must ${form ? `begin with ${form}` : "be a name"}, as in the file that the module was written from.`,
    },
  ]);
  const value = form ? `${form}${variables.local(variable, `trimprefix(var.${variable}, "${form}")`)}` : text;
  return { ...secret, [kind === "secret" ? "secretsManager" : "ssmParameter"]: value } as Secret;
}

type Connection = ServiceOptions["connectsTo"][string];

function groupOf(
  name: string,
  server: string,
  { securityGroup }: Connection,
  variables: ModuleVariables,
): Connection["securityGroup"] {
  if ("id" in securityGroup) {
    return { id: variables.text(`${name}_security_group`, `Id of the security group of ${server}`, securityGroup.id) };
  }
  const described = `Name of the security group of ${server}`;
  return { name: variables.text(`${name}_security_group`, described, securityGroup.name) };
}

/** The load balancer with its zone as a variable. */
function zoneOf(
  loadBalancer: Environment["loadBalancer"],
  variables: ModuleVariables,
): { readonly loadBalancer: Environment["loadBalancer"]; readonly name?: Zone } {
  if (loadBalancer === undefined) return { loadBalancer };
  const known = ("create" in loadBalancer ? loadBalancer.create : loadBalancer.existing).zone;
  const zone = known === false ? known : variables.text("zone", "Name of the public Route 53 zone", known);
  const named = known === false || zone === false ? {} : { name: { known, placeholder: zone } };
  const own = { zone };
  if ("create" in loadBalancer) return { loadBalancer: { create: { ...loadBalancer.create, ...own } }, ...named };
  const { listenerArn, securityGroupId } = loadBalancer.existing;
  const existing = {
    ...loadBalancer.existing,
    ...own,
    listenerArn: variables.text("listener", "ARN of the load balancer's HTTPS listener", listenerArn),
    securityGroupId: variables.text(
      "load_balancer_security_group",
      "Id of the load balancer's security group",
      securityGroupId,
    ),
  };
  return { loadBalancer: { existing }, ...named };
}

/** A domain below the zone is a local value and the zone, so that the constructs can tell that it is there. */
function domainOf(service: string, domain: string, zone: Zone | undefined, variables: ModuleVariables): string {
  if (domain === zone?.known) return zone.placeholder;
  const own = variablePart(service);
  const name = `${own}_domain`;
  const described = `Public name of ${service}`;
  if (zone === undefined || !domain.endsWith(`.${zone.known}`)) return variables.text(name, described, domain);
  variables.text(name, described, domain, [
    { condition: `\${endswith(var.${name}, ".\${var.zone}")}`, error_message: `${name} must be a name in the zone.` },
  ]);
  return `${variables.local(`${own}_host`, `trimsuffix(var.${name}, ".\${var.zone}")`)}.${zone.placeholder}`;
}
