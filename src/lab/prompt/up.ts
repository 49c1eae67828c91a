import { visible } from "../../foreign-text";
import { metricsNamespace } from "../../monitoring/cluster-metrics";
import { systemClock } from "../clock";
import { Images } from "../control-plane/images";
import type { Lab } from "../lab";
import { creatingLookedUp } from "../local-aws/lookups";
import type { Terraform } from "../local-aws/terraform/terraform";
import type { LabEvent } from "../lab-event";
import { postgresPrograms } from "../database/postgres-programs";
import { describeDatabase, postgresMissing } from "../database/postgres";
import { UserError } from "../../user-error";
import { parseReach } from "../run-options/reach";
import { VariableOverrides } from "../run-options/variable-overrides";
import { AlarmWatch } from "../monitoring/alarm-watch";
import { alarmsIn, type AppliedAlarm } from "../monitoring/applied-alarms";
import { alarmsTo } from "../monitoring/deployment-alarms";
import { type Stage, withStage } from "../stage";
import type { Recording } from "../timeline/recording";
import { withoutDocker } from "./layout/docker-stand-in";
import { makeReadSecrets } from "./layout/make-secrets";
import { makeLookedUp } from "./layout/looked-up";
import { copyTerraform } from "./layout/terraform-copy";
import { pickedData, secretKeys } from "./layout/data-in-text";

/** Options of {@link labUp}. */
export interface LabUpOptions {
  /** Folders of Terraform, synthesized or written by hand, applied in this order: what one makes the next may look up. */
  readonly folders: readonly string[];
  /** `NAME=FOLDER` or `NAME=PROGRAM` each. @default the sample's release for every image */
  readonly images?: readonly string[];
  /** `NAME:PORT=HOST:PORT` each: servers beyond the VPC that tasks reach. @default none */
  readonly reach?: readonly string[];
  /** `NAME=value` or `SERVICE.NAME=value` each: variables of containers. @default those of their task definitions */
  readonly env?: readonly string[];
  /** As `env`: values of secrets that containers have. @default those that local AWS has */
  readonly secrets?: readonly string[];
  /** Files of variables' values, for every folder. @default none but those that Terraform finds itself */
  readonly varFiles?: readonly string[];
  /** PostgreSQL in the VPC: its security group by name or id, or `true` where the layout has one for it. @default none */
  readonly postgres?: string | true;
  /** AWS region of local AWS. @default "eu-west-1" */
  readonly region?: string;
  /** Folder that gets each container's output. @default no files */
  readonly logFolder?: string;
  /** Ends it early; everything is ended. */
  readonly signal?: AbortSignal;
  /** Told what has been done, a line each. */
  readonly print: (line: string) => void;
  /** Gets everything that happens, for a timeline. */
  readonly recording?: Recording;
}

/**
 * Applies Terraform of whatever origin to local AWS and runs it in a lab for as long as `use` takes, then destroys it. The
 * folders are copied: nothing is written into them, and neither their state nor their account is touched.
 *
 * @returns what `use` gives.
 * @throws Error with what is wrong, and where; nothing is left then.
 */
export async function labUp<Result>(options: LabUpOptions, use: (lab: Lab) => Promise<Result>): Promise<Result> {
  const { folders, images = [], print, logFolder, signal } = options;
  const destinations = parseReach(options.reach ?? []);
  const variables = new VariableOverrides(options);
  if (options.postgres !== undefined && postgresPrograms() === undefined) throw new UserError(postgresMissing());
  const onEvent = (event: LabEvent) => event.kind === "problem" && print(event.message);
  return withStage({ ...options, onEvent }, async (stage) => {
    const copies = folders.map((folder) => copyTerraform(folder, stage.scratch, options.varFiles));
    const notBuilt = copies.flatMap(withoutDocker);
    if (notBuilt.length > 0) print(`images are mapped to releases, not built: omitted ${notBuilt.join(", ")}`);
    const mapped = await mappedImages(images, stage, print);
    const secrets = await makeReadSecrets(stage.aws, copies);
    if (secrets.length > 0) print(`created, with random values: ${secrets.join(", ")}`);
    const alarms: AppliedAlarm[] = [];
    for (const [index, copy] of copies.entries()) alarms.push(...(await apply(stage, copy, folders[index]!, print)));
    const watch = new AlarmWatch(alarms, 1, systemClock);
    // A service without health checks is steady sooner than in ECS, and still later than its old tasks' records go.
    const running = { images: mapped, settleSeconds: "join", logFolder, destinations, variables } as const;
    const { lab } = await stage.start({ ...running, database: options.postgres }, watch.take);
    if (lab.database) print(visible(describeDatabase(lab.database)));
    print(`running ${visible(lab.services.map(({ name, desiredCount }) => `${name} ×${desiredCount}`).join(", "))}`);
    watch.start(alarmsTo(lab, print));
    const result = await use(lab).finally(() => watch.stop());
    // By default, targets drain for five minutes.
    lab.loadBalancing.endDelays();
    if (!signal?.aborted) await timed("terraform destroy", print, () => stage.destroy());
    return result;
  });
}

/** Without a release of the application's own, its nodes run the sample's. */
async function mappedImages(images: readonly string[], stage: Stage, print: LabUpOptions["print"]): Promise<Images> {
  const mapped = new Images(images);
  if (mapped.hasReleases) return mapped;
  const { folder, standIns } = await timed("mix release of elixir-app", print, () => stage.release());
  if (standIns) print(`  with stand-ins for ${standIns}: those of hex.pm have not been fetched`);
  print("  it runs in place of the image of each service's node, with its own start, port and health check");
  return new Images(images, folder, true);
}

/** @returns the alarms that it makes and the lab can evaluate */
async function apply(
  stage: Stage,
  copy: string,
  folder: string,
  print: LabUpOptions["print"],
): Promise<readonly AppliedAlarm[]> {
  const made = await makeLookedUp(stage.aws, copy);
  if (made.length > 0) print(`created what ${folder} looks up: ${made.join(", ")}`);
  const terraform = stage.terraform(copy);
  await timed("terraform init", print, () => init(terraform, print));
  let add = 0;
  const known = { secretKeys: secretKeys(copy), picked: await pickedNames(terraform) };
  const plan = async () => ({ add } = await timed("terraform plan", print, () => terraform.plan("up")));
  const created = await creatingLookedUp(stage.aws, known, plan);
  if (created.length > 0) print(`created what data sources of ${folder} look up: ${created.join(", ")}`);
  await timed(`terraform apply: ${add} resources`, print, () => terraform.apply("up"));
  return alarmsIn(JSON.parse(await terraform.showState()), metricsNamespace);
}

/** With the providers that the folder's lock file names, or else, where they can't be had here, with any that it allows. */
async function init(terraform: Terraform, print: LabUpOptions["print"]): Promise<void> {
  try {
    await terraform.init();
  } catch (error) {
    if (!(error instanceof UserError) || !/previously-selected version|checksums/.test(error.message)) throw error;
    await terraform.init("-upgrade");
    print(
      "  the providers of .terraform.lock.hcl can't be installed here: the copy uses others that the constraints allow",
    );
  }
}

/** Names of the data sources that the provider picks from a list, as far as they are known before the plan. */
async function pickedNames(terraform: Terraform) {
  const found: { type: string; name: string }[] = [];
  for (const { type, expression } of pickedData(terraform.folder)) {
    const name = await terraform.evaluate(expression);
    if (name !== undefined) found.push({ type, name });
  }
  return found;
}

async function timed<Result>(what: string, print: LabUpOptions["print"], work: () => Promise<Result>): Promise<Result> {
  const started = Date.now();
  const result = await work();
  print(`${what} (${((Date.now() - started) / 1000).toFixed(1)} s)`);
  return result;
}
