import { unseenPolls } from "../../cluster/connections/matrix";
import type { Check } from "../check";

export const unseenPeer: Check = {
  id: "unseen-peer",
  title: "No service of this plan registers a polled name",
  severity: "note",
  rationale:
    "The name may belong to a peer that another project owns. If it is misspelt, the query finds nothing, and a private zone caches that answer for minutes.",
  remediation:
    "Compare the name with the peer's Cloud Map service and namespace. If another project owns it, suppress this finding with that reason.",
  sources: ["https://docs.aws.amazon.com/cloud-map/latest/dg/working-with-services.html"],
  *find({ services }) {
    for (const { from, poll } of unseenPolls(services))
      yield {
        address: from.resource.address,
        message: `${from.name} polls ${poll.basename === undefined ? "" : `${poll.basename}@`}${poll.host}, which nothing in this plan registers`,
      };
  },
};
