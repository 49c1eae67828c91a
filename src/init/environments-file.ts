/** What init knows of an application and of the place where it will run. */
export interface Answers {
  /** Name of the service, its cluster, and what is created for it: such as `shop`. */
  readonly name: string;
  /** Name of the environment. */
  readonly environment: string;
  readonly region: string;
  /** An existing VPC: its id, or the value of its tag `Name`. `create` for a new one. */
  readonly vpc: string;
  /** Public name of the application; `undefined` for no load balancer. */
  readonly domain?: string | undefined;
  /** S3 bucket of the state, or `local` for a file. */
  readonly state: string;
}

/** What init reads from the mix project. */
export interface Application {
  /** As in `app: :shop_web`. */
  readonly name: string;
  /** The name of its release, by default the application's. */
  readonly release: string;
  readonly discovery: "libcluster" | "dns_cluster";
  /** Whether something in it can answer a health check. */
  readonly servesHttp: boolean;
  /** Secrets that its `config/runtime.exs` requires. */
  readonly secrets: readonly string[];
}

/** Where editors find the schema, in the folder of `environments.json`. */
const schema = "./node_modules/elixir-cluster/environments.schema.json";

/** The text of `environments.json`. */
export function environmentsFile(answers: Answers, application: Application): string {
  const { name, environment, region, vpc, domain, state } = answers;
  const secrets = application.secrets.map((secret) => [
    secret,
    { ssmParameter: `/${name}/${environment}/${secret.toLowerCase().replaceAll("_", "-")}` },
  ]);
  const service = {
    ...(application.discovery === "dns_cluster" ? { discovery: "dns_cluster" } : {}),
    image: { variable: imageVariable(name) },
    ...(application.release === name.replaceAll("-", "_") ? {} : { releaseName: application.release }),
    tasks: 2,
    // ECS replaces a task that doesn't answer. A service with a domain is assumed to answer.
    ...(application.servesHttp || domain ? {} : { healthCheck: false }),
    ...(domain ? { web: { domain } } : {}),
    ...(secrets.length > 0 ? { secrets: Object.fromEntries(secrets) as object } : {}),
  };
  const file = {
    $schema: schema,
    [environment]: {
      region,
      state: state === "local" ? { local: {} } : { s3: { bucket: state, key: `${name}/${environment}.tfstate` } },
      vpc: vpc === "create" ? { create: { cidr: "10.0.0.0/16" } } : existing(vpc),
      ecsCluster: { create: `${name}-${environment}` },
      namespace: { create: `${name}.local` },
      releaseCookie: { ssmParameter: `/${name}/${environment}/release-cookie` },
      ...(domain ? { loadBalancer: { create: { zone: zoneOf(domain) } } } : {}),
      services: { [name]: service },
    },
  };
  return `${JSON.stringify(file, null, 2)}\n`;
}

const existing = (vpc: string) => (/^vpc-/.test(vpc) ? { id: vpc } : { tags: { Name: vpc } });

/** The Terraform variable of the service's image. */
export const imageVariable = (name: string): string => `${name.replaceAll("-", "_")}_image`;

/** The Route 53 zone that most likely contains a domain: `example.com` for `shop.example.com`. */
function zoneOf(domain: string): string {
  const labels = domain.split(".");
  return labels.length > 2 ? labels.slice(1).join(".") : domain;
}
