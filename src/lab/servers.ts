import type { AppliedLayout } from "./control-plane/applied/applied";
import { readTaskDefinition } from "./control-plane/applied/task-definitions";
import type { AddressPool } from "./control-plane/task/network-interface";
import type { TaskRuntime } from "./data-plane/data-plane";
import { databaseAccounts } from "./database/database-accounts";
import { databaseGroup } from "./database/database-group";
import { databaseNames, Postgres } from "./database/postgres";
import type { LabOptions } from "./lab-options";
import type { AwsClients } from "./local-aws/aws-clients";

interface Surroundings {
  readonly clients: AwsClients;
  readonly runtime: TaskRuntime;
  readonly layout: AppliedLayout;
  readonly addresses: AddressPool;
}

/**
 * Makes reachable what tasks connect to that is none of them: servers beyond the VPC, and the database in it.
 *
 * @param onProblem gets what this machine couldn't connect to
 * @returns the database, where one is asked for. @throws UserError when it can't be had, with what to do
 */
export async function startServers(
  { destinations = [], database, variables }: Pick<LabOptions, "destinations" | "database" | "variables">,
  { clients, runtime, layout, addresses }: Surroundings,
  onProblem: (problem: { readonly message: string }) => void,
): Promise<Postgres | undefined> {
  for (const { address } of destinations) addresses.reserve(address);
  const server = database === undefined ? undefined : await startDatabase();
  const names = server ? databaseNames.map((name) => ({ name, address: server.address, ports: [] })) : [];
  await runtime.applyDestinations([...names, ...destinations], ({ name }, reason) =>
    onProblem({ message: `A task connected to ${name}, which this machine can't reach: ${reason}.` }),
  );
  return server;

  async function startDatabase(): Promise<Postgres> {
    const {
      id,
      names: [group = id],
    } = await databaseGroup(clients, layout, database === true ? undefined : database);
    const subnet = layout.subnets.get(layout.services[0]!.subnetIds[0]!)!;
    const place = { address: addresses.allocate(subnet), subnetCidr: subnet.cidr, securityGroupIds: [id] };
    return Postgres.start(
      runtime,
      { ...place, group },
      databaseAccounts(await allVariables(clients, layout, variables)),
    );
  }
}

/** Every variable of every service's containers in this run. */
async function allVariables(
  clients: AwsClients,
  { services }: AppliedLayout,
  overrides: LabOptions["variables"],
): Promise<[name: string, value: string][]> {
  const all: [string, string][] = [];
  for (const { name, taskDefinitionArn } of services) {
    const { containers } = await readTaskDefinition(clients, taskDefinitionArn);
    for (const { environment, secrets } of overrides?.applyTo(name, containers) ?? containers) {
      all.push(...Object.entries(environment));
      for (const secret of secrets) if (secret.given !== undefined) all.push([secret.name, secret.given]);
    }
  }
  return all;
}
