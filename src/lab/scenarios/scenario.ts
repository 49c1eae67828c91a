import type { LabEvent } from "../lab-event";
import type { Stage } from "../stage";
import type { Recording } from "../timeline/recording";
import { PreconditionError } from "../waiting/cluster-waits";

/** How a scenario is run; what is left out has the scenario's own default. */
export interface ScenarioOptions {
  /** Sizes to run it at: numbers of tasks. */
  readonly tasks?: readonly number[];
  /** Seconds of each window that is measured. */
  readonly seconds?: number;
  /** Minutes that it may take where more time shows more. */
  readonly minutes?: number;
  /** How many random layouts to try. */
  readonly layouts?: number;
  /** What chance is drawn from: the same one replays a run. */
  readonly seed?: number;
  /** Numbers of the faults of a seed to carry out alone. @default all */
  readonly faults?: readonly number[];
  /** `NAME=FOLDER` each: releases in place of the sample's. */
  readonly images?: readonly string[];
  readonly signal?: AbortSignal;
  /** Told what is being done, while it is done. */
  readonly say?: (line: string) => void;
  /** Hears everything that happens in the lab. */
  readonly onEvent?: (event: LabEvent) => void;
  /** Gets everything of every lab, for a timeline. */
  readonly recording?: Recording;
}

/** What came out. */
export interface ScenarioResult {
  /** Whether everything went as it must. */
  readonly ok: boolean;
  /** The result in one line, with its figure; of a scenario that could not be run to its end the reason, in several lines. */
  readonly figure: string;
  /** Everything measured, by name; times in the unit that the name ends with. */
  readonly measurements: Readonly<Record<string, unknown>>;
  /** The findings one by one. */
  readonly lines: readonly string[];
  /** What the model of docs/model.md says of all its labs, in one line; set when it was run to its end. */
  readonly model?: string;
}

/** One claim about a layout. */
interface Claim {
  /** Its name on the command line. */
  readonly name: string;
  /** The claim, in one line. */
  readonly proves: string;
  /** About how many seconds it takes on two cores while three others run. */
  readonly seconds: number;
  /** What this machine lacks for this scenario alone, with what to do: it is skipped then. @default nothing */
  readonly missing?: () => string | undefined;
}

/** A claim that is tried with real nodes. */
export interface NodeScenario extends Claim {
  run(stage: Stage, options: ScenarioOptions): Promise<ScenarioResult>;
}

/** A claim that is tried with packets alone: without local AWS, Terraform and a release. */
export interface PacketScenario extends Claim {
  runWithoutNodes(options: ScenarioOptions): Promise<ScenarioResult>;
}

export type Scenario = NodeScenario | PacketScenario;

/** One thing that had to be so, and what was seen. */
export interface Finding {
  readonly ok: boolean;
  /** Whether what it rests on was not reached: then it says nothing of the claim, and is not right either. */
  readonly untried?: boolean;
  readonly line: string;
}

/** What `tried` finds, or that its precondition was not reached. */
export async function findingOf(name: string, tried: () => Promise<Finding>): Promise<Finding> {
  try {
    return await tried();
  } catch (error) {
    if (!(error instanceof PreconditionError)) throw error;
    return { ok: false, untried: true, line: `${name}: ${error.message}` };
  }
}

/** Seconds with one decimal, from milliseconds. */
export const seconds = (milliseconds: number): string => `${(milliseconds / 1000).toFixed(1)} s`;

/** The findings as a result: right when every one is. */
export function resultOf(
  findings: readonly Finding[],
  figure: string,
  measurements: ScenarioResult["measurements"],
): ScenarioResult {
  return {
    ok: findings.every(({ ok }) => ok),
    figure,
    measurements,
    lines: findings.map(({ ok, untried, line }) => `${ok ? "ok" : untried ? "NOT TRIED" : "FAILED"}: ${line}`),
  };
}
