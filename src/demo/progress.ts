import type { ListrTask } from "listr2";
import type { Environment } from "../environment";
import type { LocalAws } from "../lab/local-aws/aws";
import type { Lab } from "../lab/lab";
import type { RunningLab } from "../lab/stage";
import type { SampleRelease } from "../lab/local-aws/sample-release";
import type { Terraform } from "../lab/local-aws/terraform";
import type { Recording } from "../lab/timeline/recording";

/** Options of `runDemo`. */
export interface DemoOptions {
  /** Environments file with one environment. @default the demo's own, of two services and five tasks */
  readonly environmentsFile?: string;
  /** File that gets the review's page. */
  readonly html: string;
  /** File that gets the timeline of what ran. */
  readonly timeline: string;
  /** Called with the running lab before everything is destroyed: for looking around. @default goes on at once */
  readonly keep?: (lab: Lab, recording: Recording) => Promise<void>;
  /** Ends the demo early; everything it started is ended too. */
  readonly signal: AbortSignal;
  /** Where text goes. */
  readonly print: (text: string) => void;
}

/** One line of the results' page. */
export interface Result {
  readonly ok: boolean;
  /** Whether what it rests on was not reached: then it says nothing of the claim, and is not ok either. */
  readonly untried?: boolean;
  readonly text: string;
}

/** What the steps hand on to each other. */
export interface Progress {
  readonly environmentsFile: string;
  /** Folder of this run's own. */
  readonly scratch: string;
  readonly results: Result[];
  /** What happens in every lab of this run. */
  readonly recording: Recording;
  name?: string;
  environment?: Environment;
  aws?: LocalAws;
  terraform?: Terraform;
  /** `terraform show -json` of the plan that was applied. */
  planJson?: string;
  /** The review of that plan, as text. */
  review?: string;
  /** The state's resources and the outputs, as text. */
  made?: string;
  release?: SampleRelease;
  running?: RunningLab;
}

/** A step of the demo. */
export type Step = ListrTask<Progress>;
