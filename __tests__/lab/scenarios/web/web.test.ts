import { playWeb } from "../../../../src/lab/scenarios/web/web";
import { withStage } from "../../../../src/lab/stage";
import { describeWith } from "../../../tool-here";
import { describeScenario } from "../scenario-here";

// Its short form: slow responses of 2 s in place of 20, a deployment and one negative test in place of all parts.
describeWith("haproxy")("web", () =>
  describeScenario("web", () => {
    it("deploys under load without a failed request, and fails some without a deregistration delay", async () => {
      const results = await withStage({}, (stage) => playWeb(stage, { seconds: 2 }, ["rolling", "noDelay"]));
      expect(results.flatMap(({ findings }) => findings)).toEqual([
        {
          ok: true,
          line: expect.stringMatching(
            /^rolling deployment, .*: 0 of [1-9]\d* requests failed, 0 of [1-9]\d* closed sockets without a close frame, 0\.0 s without a healthy target, \d+ to \d+ members/,
          ),
        },
        { ok: true, line: expect.stringMatching(/^the review's times: the deployment took /) },
        { ok: true, line: expect.stringMatching(/: [1-9]\d* requests failed, as it must be; /) },
      ]);
    });
  }),
);
