import { cleanLeaveSeconds, joinSeconds, netSetupSeconds, silentLossSeconds } from "../../distribution";
import { connectingSeconds } from "../waiting/bounds";
import type { HistorySettings } from "./history";

/** How long, in seconds, each thing of the model may take. */
export interface ModelBounds {
  /** Until peers notice that a node has ended, while the network carries its last packets. */
  readonly cleanLeave: number;
  /** Until peers notice that a node has fallen silent. */
  readonly notice: number;
  /** From a node's start, once it is registered, to its connections to all members. */
  readonly join: number;
  /** From the end of the last fault until all members are connected again. */
  readonly heal: number;
}

/** The bounds of the model, from the constants that the review and the lab's waits use too. */
export function modelBounds({ netTicktime, pollingIntervalMs, dnsTtl, negativeTtl }: HistorySettings): ModelBounds {
  const [, notice] = silentLossSeconds(netTicktime);
  // A dead address in the answer may cost one attempt without an answer.
  const join = negativeTtl + joinSeconds(dnsTtl, pollingIntervalMs) + netSetupSeconds + connectingSeconds;
  return { cleanLeave: cleanLeaveSeconds, notice, join, heal: notice + join };
}
