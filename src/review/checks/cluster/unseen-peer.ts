import { unseenPolls } from "../../cluster/connections/matrix";
import type { Check } from "../check";

export const unseenPeer: Check = {
  id: "unseen-peer",
  title: "A polled name is registered by no service of this plan",
  severity: "note",
  rationale:
    "It may be a peer that another project owns, or a misspelt name: then the query finds nothing, and a private zone keeps that answer for minutes.",
  remediation:
    "Compare the name with the peer's Cloud Map service and namespace; if another project owns it, ignore this with that reason.",
  sources: ["https://docs.aws.amazon.com/cloud-map/latest/dg/working-with-services.html"],
  *find({ services }) {
    for (const { from, poll } of unseenPolls(services))
      yield {
        address: from.resource.address,
        message: `${from.name} polls ${poll.basename === undefined ? "" : `${poll.basename}@`}${poll.host}, which nothing in this plan registers`,
      };
  },
};
