import { mkdtempSync, rmSync } from "node:fs";
import path from "node:path";
import { visible } from "../../foreign-text";
import { makeScratchFolder } from "../../processes/scratch-folder";
import { type LocalAws, startLocalAws } from "../local-aws/aws";
import { Images } from "../control-plane/images";
import { Lab, labPatches } from "../lab";
import type { LabEvent } from "../lab-event";
import { sampleRelease } from "../local-aws/sample-release";
import { Terraform } from "../local-aws/terraform";
import type { Recording } from "../timeline/recording";
import { withoutDocker } from "./docker-stand-in";
import { makeLookedUp } from "./looked-up";
import { copyTerraform } from "./terraform-copy";
import { unreadData } from "./unread-data";

/** Options of {@link labUp}. */
export interface LabUpOptions {
  /** Folders of Terraform, synthesized or written by hand, applied in this order: what one makes the next may look up. */
  readonly folders: readonly string[];
  /** `NAME=FOLDER` each. @default the sample's release for every image */
  readonly images?: readonly string[];
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
  const scratch = makeScratchFolder();
  let aws: LocalAws | undefined;
  try {
    // Before anything is started: these are its user's mistakes.
    const copies = options.folders.map((folder) => copyTerraform(folder, scratch));
    const notBuilt = copies.flatMap(withoutDocker);
    if (notBuilt.length > 0) options.print(`images are mapped to releases, not built: left out ${notBuilt.join(", ")}`);
    const images = await imagesOf(options);
    aws = await startLocalAws({ region: options.region, patches: labPatches });
    const applied: Terraform[] = [];
    for (const [index, copy] of copies.entries()) {
      applied.unshift(await apply(copy, options.folders[index]!, { ...options, aws, scratch }));
    }
    const lab = await startLab(aws, images, options);
    options.recording?.watchDenied(lab);
    try {
      const result = await use(lab);
      if (!options.signal?.aborted) await destroy(applied, options);
      return result;
    } finally {
      await lab.close();
    }
  } finally {
    await aws?.stop();
    rmSync(scratch, { recursive: true, force: true });
  }
}

async function imagesOf({ images = [], print }: LabUpOptions): Promise<Images> {
  if (images.length > 0) return new Images(images);
  const { folder, standIn } = await timed("mix release of elixir-app", print, sampleRelease);
  if (standIn) print("  with the stand-in for libcluster: hex.pm's has not been fetched");
  return new Images([], folder);
}

async function apply(
  copy: string,
  folder: string,
  { aws, scratch, print, signal }: LabUpOptions & { readonly aws: LocalAws; readonly scratch: string },
): Promise<Terraform> {
  const made = await makeLookedUp(aws, copy);
  if (made.length > 0) print(`made what ${folder} takes for given: ${made.join(", ")}`);
  const unread = unreadData(copy);
  if (unread.length > 0)
    print(
      `not made, since only *.tf.json files are read for it: ${unread.join(", ")}. Create it in a folder that comes first: --dir <that folder> --dir ${folder}`,
    );
  const terraform = new Terraform(copy, mkdtempSync(path.join(scratch, "terraform-")), {
    environment: aws.environment,
    ...(signal ? { signal } : {}),
  });
  await timed("terraform init", print, () => terraform.init());
  const plan = await timed("terraform plan", print, () => terraform.plan("up"));
  await timed(`terraform apply: ${plan.add} resources`, print, () => terraform.apply("up"));
  return terraform;
}

async function startLab(aws: LocalAws, images: Images, { print, logFolder, recording }: LabUpOptions): Promise<Lab> {
  const tell = (event: LabEvent) => {
    if (event.kind === "problem") print(event.message);
    recording?.take(event);
  };
  // A service without health checks is steady sooner than in ECS, and still later than its old tasks' records go.
  const lab = await Lab.start({ aws, images, negativeTtl: 1, settleSeconds: "join", logFolder, onEvent: tell });
  const services = lab.services.map(({ name, desiredCount }) => `${name} ×${desiredCount}`);
  print(`running ${visible(services.join(", "))}`);
  return lab;
}

async function destroy(applied: readonly Terraform[], { print }: LabUpOptions): Promise<void> {
  for (const terraform of applied) await timed("terraform destroy", print, () => terraform.destroy());
}

async function timed<Result>(what: string, print: LabUpOptions["print"], work: () => Promise<Result>): Promise<Result> {
  const started = Date.now();
  const result = await work();
  print(`${what} (${((Date.now() - started) / 1000).toFixed(1)} s)`);
  return result;
}
