import type { RunningLab, Stage } from "../../stage";
import type { FaultsAtOnce } from "./faults-at-once";

/** What faults are carried out on. */
export interface Battlefield {
  readonly running: RunningLab;
  readonly stage: Stage;
  readonly faults: FaultsAtOnce;
  /** Name of the service whose mesh is tested. */
  readonly service: string;
  /** Addresses that no member has, one of them the untrusted node's. */
  readonly foreign: readonly string[];
}
