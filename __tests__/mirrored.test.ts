import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { projectRoot } from "../src/project-root";

/** Source files without a test at their mirrored path: by which test they are checked instead, and why there. */
const checkedElsewhere = [
  {
    by: "conformance/evaluate.test.ts",
    why: "one question is asked of all rules together",
    files: ["conformance/layout.ts", "conformance/network-acls.ts"],
  },
  {
    by: "lab/conformance/compare.test.ts",
    why: "layouts go through all evaluators, and each evaluator is broken once",
    files: [
      "lab/conformance/conformance.ts",
      "lab/conformance/ec2-answers.ts",
      "lab/conformance/evaluators/nftables.ts",
      "lab/conformance/random-borders.ts",
      "lab/conformance/random-layout.ts",
      "lab/conformance/random-rules.ts",
      "lab/conformance/shrink.ts",
      "lab/conformance/tally.ts",
      "lab/conformance/terraform-json.ts",
      "lab/control-plane/applied/subnet-networks.ts",
      "lab/data-plane/vpc/network/subnet-table.ts",
    ],
  },
  {
    by: "lab/scenarios/conformance.test.ts",
    why: "packets need the sandbox",
    files: ["lab/conformance/evaluators/packets.ts"],
  },
  {
    by: "review/network/borders/borders.test.ts",
    why: "verdicts are combined from subnets, routes and entries",
    files: ["review/network/borders/verdict.ts"],
  },
  {
    by: "review/network/borders/routes.test.ts",
    why: "a table is found for the routes in it",
    files: ["review/network/borders/route-tables.ts"],
  },
  {
    by: "adopt/fixtures.test.ts",
    why: "adopt is one walk over a project: whole projects go in, edits come out",
    files: [
      "adopt/source/dockerfile-source.ts",
      "adopt/steps/image/image-command.ts",
      "adopt/steps/image/image-tools.ts",
      "adopt/source/mix-project.ts",
      "adopt/source/project-tree.ts",
      "adopt/source/source-bytes.ts",
      "adopt/steps/advice.ts",
      "adopt/steps/discovery/cluster-modules.ts",
      "adopt/steps/discovery/development-config.ts",
      "adopt/steps/health-check.ts",
      "adopt/steps/release-files.ts",
      "adopt/steps/discovery/runtime-config.ts",
    ],
  },
  {
    by: "stacks/module/module-json.test.ts",
    why: "a module's parts are seen in its files alone",
    files: [
      "stacks/module/module-environment.ts",
      "stacks/module/networks.ts",
      "stacks/module/numbers.ts",
      "stacks/module/module-readme.ts",
      "stacks/module/variables.ts",
    ],
  },
  {
    by: "advice/advice.test.ts",
    why: "runs each advised command; its helpers are next to it",
    files: ["advice.ts"],
  },
  {
    by: "lab/scenarios/encryption/encrypted.long.ts",
    why: "it takes minutes, and its short form is in elixir-app/release.test.ts",
    files: ["lab/scenarios/encryption/encrypted.ts"],
  },
  {
    by: "lab/scenarios/encryption/findings.test.ts",
    why: "the findings of one scenario are tested together",
    files: ["lab/scenarios/encryption/rotation.ts"],
  },
  {
    by: "certificates/node-certificates.test.ts",
    why: "what it issues is seen in the certificates of nodes",
    files: ["certificates/issue.ts"],
  },
  {
    by: "cli/init/init.test.ts",
    why: "what init reads and writes is seen in the projects that the command leaves",
    files: ["init/index.ts"],
  },
  {
    by: "lab/prompt/prompt.test.ts",
    why: "it wires the prompt to a lab, which only runs for real",
    files: ["cli/lab.ts", "cli/lab-up.ts"],
  },
  {
    by: "operations/run-task/task-command.test.ts",
    why: "what AWS is asked for and what users see is the command's as a whole",
    files: [
      "cli/operations/task.ts",
      "operations/run-task/follow-task.ts",
      "operations/run-task/image-revision.ts",
      "operations/run-task/start-task.ts",
    ],
  },
  {
    by: "operations/doctor-in-lab.test.ts",
    why: "a task that `npm run task` starts in a lab, from local AWS's record to its exit code",
    files: ["lab/control-plane/one-off-tasks.ts"],
  },
  {
    by: "operations/secrets/secrets.test.ts",
    why: "options and output of the command are what users see of it",
    files: ["cli/operations/secrets.ts"],
  },
  {
    by: "constructs/monitoring/monitoring.test.ts",
    why: "one construct makes alarms, rules and dashboard of the rules",
    files: [
      "monitoring/cluster-alarms.ts",
      "constructs/monitoring/failed-deployments.ts",
      "constructs/monitoring/metric-alarm.ts",
    ],
  },
  {
    by: "lab/history/invariants.test.ts",
    why: "the types, and the replay that every invariant rests on",
    files: ["lab/history/history.ts", "lab/history/replay.ts"],
  },
  {
    by: "lab/chaos.test.ts",
    why: "plans and their shrinking run without a lab; files next to the scenarios' tests get the machine to themselves",
    files: ["lab/scenarios/chaos/planned-fault.ts", "lab/scenarios/chaos/shrink.ts"],
  },
  {
    by: "lab/scenarios/chaos/chaos.test.ts",
    why: "faults, and rounds of them, are carried out on a lab that runs",
    files: ["lab/scenarios/chaos/play.ts", "lab/scenarios/chaos/strikes.ts"],
  },
  {
    by: "lab/history/history-record.test.ts",
    why: "an event type, and what of a task it carries",
    files: ["lab/lab-event.ts"],
  },
  {
    by: "lab/monitoring/alarm-watch.test.ts",
    why: "the watch reads the lines, and its test gives it lines",
    files: ["lab/monitoring/metrics.ts"],
  },
  {
    by: "constructs/service/elixir-service.test.ts",
    why: "the definition is part of the service's task definition",
    files: [
      "constructs/service/containers/container-definition.ts",
      "constructs/service/containers/container-parts.ts",
      "constructs/service/containers/task-definition.ts",
    ],
  },
  {
    by: "review/cluster/node/containers.test.ts",
    why: "which container is the node's, of whole task definitions",
    files: ["containers/node-container.ts"],
  },
  {
    by: "environment/checks/service/containers.test.ts",
    why: "containers that are right, and messages of those that aren't",
    files: [
      "environment/schema/service/container-schema.ts",
      "environment/schema/service/image-schema.ts",
      "environment/schema/service/log-schema.ts",
    ],
  },
  {
    by: "environment/schema/formats.test.ts",
    why: "each format, with what is right and wrong of it",
    files: ["environment/schema/arn-formats.ts"],
  },
  {
    by: "environment.test.ts",
    why: "messages about ports, ranges and certificates",
    files: ["environment/schema/service/distribution-schema.ts"],
  },
  {
    by: "environment.test.ts",
    why: "messages of the load balancer's and the web's fields",
    files: ["environment/schema/service/web-schema.ts"],
  },
  {
    by: "environment/checks/vpc.test.ts",
    why: "reads whole files, right and wrong ones: the schema and the check report one error each",
    files: ["environment/schema/vpc-schema.ts"],
  },
  {
    by: "constructs/network/vpc/new-vpc.test.ts",
    why: "a VPC is checked whole: which routes, gateways and endpoints there are depends on its other parts",
    files: [
      "constructs/network/vpc/flow-logs.ts",
      "constructs/network/vpc/nat-routes.ts",
      "constructs/network/vpc/vpc-endpoints.ts",
    ],
  },
  {
    by: "environment/checks/service/tasks.test.ts",
    why: "ranges, schedules and capacities that are right, and messages of those that aren't",
    files: ["environment/schema/service/tasks-schema.ts"],
  },
  {
    by: "constructs/web/load-balancer.test.ts",
    why: "subnets and properties of the one load balancer",
    files: ["constructs/web/load-balancer-subnets.ts"],
  },
  {
    by: "constructs/web/web-route.test.ts",
    why: "a route's properties and its certificate, seen in its resources",
    files: ["constructs/web/certificate.ts", "constructs/web/web-route-props.ts"],
  },
  {
    by: "environment.test.ts",
    why: "values of options that nothing sets, compared with a whole environment",
    files: ["aws/defaults.ts"],
  },
  {
    by: "docs/constructs.test.ts",
    why: "types and their defaults, held against the docs",
    files: ["constructs/service/elixir-service-props.ts"],
  },
  {
    by: "environment/checks/texts.test.ts",
    why: "names that the file's checks refuse",
    files: ["containers/variables.ts"],
  },
  {
    by: "environment.test.ts",
    why: "the file is read as a whole, and messages are compared as users get them",
    files: [
      "environment/checks/consistency.ts",
      "environment/checks/service.ts",
      "environment/json.ts",
      "environment/problems.ts",
      "environment/schema/schema.ts",
      "environment/schema/service/secret-schema.ts",
      "environment/schema/service/service-schema.ts",
      "environment/schema/shapes.ts",
    ],
  },
  {
    by: "lab/control-plane/access/managed-secrets.test.ts",
    why: "permissions and files, seen in what a task gets or why it fails to start",
    files: ["lab/control-plane/access/environment-files.ts", "lab/control-plane/access/execution-access.ts"],
  },
  {
    by: "lab/local-aws/terraform/terraform.test.ts",
    why: "secrets that Terraform finds in local AWS",
    files: ["lab/local-aws/prerequisites/stored-secrets.ts"],
  },
  {
    by: "operations/secrets/secrets.test.ts",
    why: "one client for each service of AWS that the commands call",
    files: ["aws/sdk/clients.ts"],
  },
  {
    by: "review/flags.test.ts",
    why: "the review's reading of emulator flags",
    files: ["containers/erlang-flags.ts"],
  },
  {
    by: "lab/cluster/cluster-watch.test.ts",
    why: "calls between BEAM nodes, which only run for real",
    files: ["lab/cluster/erpc.ts"],
  },
  {
    by: "lab/data-plane/runtime.test.ts",
    why: "network namespaces and packets, which only run for real",
    files: [
      "lab/data-plane/data-plane.ts",
      "lab/data-plane/task/sandboxed-container.ts",
      "lab/data-plane/task/sandboxed-tasks.ts",
      "lab/data-plane/sandbox/sandbox.ts",
      "lab/data-plane/vpc/container/container-root.ts",
      "lab/data-plane/vpc/container/container.ts",
      "lab/data-plane/vpc/metadata.ts",
      "lab/data-plane/vpc/network/delay.ts",
      "lab/data-plane/vpc/network/firewall.ts",
      "lab/data-plane/vpc/network/router.ts",
      "lab/data-plane/vpc/network/task-network.ts",
      "lab/data-plane/vpc/vpc.ts",
    ],
  },
  {
    by: "lab/scenarios/forms.test.ts",
    why: "builds the release that all scenarios start",
    files: ["lab/local-aws/sample/sample-release.ts"],
  },
  {
    by: "lab/prompt/prompt.test.ts",
    why: "each command is typed at the prompt",
    files: [
      "lab/prompt/command.ts",
      "lab/prompt/interactive.ts",
      "lab/prompt/layout/looked-up.ts",
      "lab/prompt/nodes.ts",
    ],
  },
  {
    by: "lab/scenarios/forms.test.ts",
    why: "scenarios run for real",
    files: [
      "lab/scenarios/steps/alarm-faults.ts",
      "lab/scenarios/scale.ts",
      "lab/scenarios/scenario.ts",
      "lab/scenarios/steps/applied-changes.ts",
    ],
  },
  {
    by: "lab/scenarios/deployments/migration.test.ts",
    why: "the scenario watches by it",
    files: ["lab/scenarios/steps/migrations.ts"],
  },
  {
    by: "lab/scenarios/forms.test.ts",
    why: "starts the lab that all scenarios run in",
    files: ["lab/stage.ts"],
  },
  {
    by: "lab/timeline/timeline.test.ts",
    why: "one recording is drawn as a whole",
    files: [
      "lab/timeline/lanes.ts",
      "lab/timeline/mesh-over-time.ts",
      "lab/timeline/recording.ts",
      "lab/timeline/timeline-html.ts",
    ],
  },
  {
    by: "lab/waiting/bounds.test.ts",
    why: "measures this machine's load",
    files: ["lab/waiting/machine.ts"],
  },
  {
    by: "operations/doctor.test.ts",
    why: "findings and reports are compared as the command prints them",
    files: [
      "operations/deployed-environment.ts",
      "operations/doctor/ask-nodes.ts",
      "operations/doctor/diagnosis.ts",
      "operations/doctor/findings/reach-findings.ts",
      "operations/doctor/findings/registration-findings.ts",
      "operations/doctor/findings/rule-findings.ts",
      "operations/doctor/findings/stop-findings.ts",
      "operations/doctor/findings/task-findings.ts",
      "operations/doctor/observation.ts",
      "operations/doctor/report.ts",
      "operations/service-deployments.ts",
      "operations/tasks.ts",
    ],
  },
  {
    by: "operations/secrets/secrets.test.ts",
    why: "reports are compared as the command prints them",
    files: ["operations/secrets/secret-uses.ts", "operations/secrets/secrets-report.ts"],
  },
  {
    by: "operations/logs/logs.test.ts",
    why: "options and output of the command are what users see of it",
    files: ["cli/operations/logs.ts"],
  },
  {
    by: "operations/rollback/rollback.test.ts",
    why: "options and output of the command are what users see of it",
    files: ["cli/operations/rollback.ts", "operations/rollback/revisions.ts"],
  },
  {
    by: "operations/status/status.test.ts",
    why: "reports are compared as the command prints them",
    files: [
      "operations/failed-task-logs.ts",
      "operations/status/status-report.ts",
      "operations/status/target-health.ts",
    ],
  },
  {
    by: "operations/unstick/unstick.test.ts",
    why: "reports are compared as the command prints them",
    files: ["operations/unstick/unstick-report.ts"],
  },
  {
    by: "review/changes.test.ts",
    why: "compares a plan with what it was planned from",
    files: ["review/baseline.ts", "review/review.ts"],
  },
  {
    by: "review/check-branches.test.ts",
    why: "each check is run on a layout with one fault, and its branches on others",
    files: [
      "review/checks/cluster/deployment-parts-nodes.ts",
      "review/checks/check.ts",
      "review/checks/index.ts",
      "review/checks/secrets/execution-role-too-wide.ts",
      "review/checks/secrets/secret-in-plan.ts",
      "review/checks/service/container-dependencies.ts",
      "review/checks/service/deleted-while-used.ts",
      "review/checks/service/name-taken.ts",
      "review/checks/state/state-bucket.ts",
      "review/checks/web/times.ts",
    ],
  },
  {
    by: "review/cluster.test.ts",
    why: "verdicts are compared for whole layouts",
    files: [
      "review/cluster/connections/connection.ts",
      "review/cluster/node/distribution.ts",
      "review/cluster/inferred.ts",
      "review/cluster/connections/matrix.ts",
      "review/cluster/services.ts",
      "review/cluster/cluster-stability.ts",
    ],
  },
  {
    by: "review/deployment-strategies.test.ts",
    why: "strategies that shift requests, seen in what the review finds and reports",
    files: ["review/checks/deployment/traffic-shift-incomplete.ts", "review/web/deployment-strategy.ts"],
  },
  {
    by: "review/web/web-services.test.ts",
    why: "who forwards to a target group, seen in what the review reports of it",
    files: ["review/web/forwarding.ts"],
  },
  {
    by: "review/render/markdown.test.ts",
    why: "comments are compared as a whole",
    files: ["review/render/markdown/findings.ts"],
  },
  {
    by: "review/render/html.test.ts",
    why: "pages are compared as a whole",
    files: [
      "review/render/html/dot.ts",
      "review/render/html/drawing.ts",
      "review/render/html/findings.ts",
      "review/render/html/matrix.ts",
      "review/render/links.ts",
    ],
  },
  {
    by: "lab/control-plane/load-balancing/load-balancing.test.ts",
    why: "the health of targets is followed from their registration to what the data plane and local AWS get",
    files: ["lab/control-plane/load-balancing/target-group.ts", "lab/control-plane/load-balancing/target-health.ts"],
  },
  {
    by: "lab/control-plane/lab-service.test.ts",
    why: "a service's deployment shows when its tasks register and leave",
    files: ["lab/control-plane/registrations.ts"],
  },
  {
    by: "lab/control-plane/applied/load-balancers.test.ts",
    why: "load balancers are read together with their target groups",
    files: ["lab/control-plane/applied/target-groups.ts"],
  },
  {
    by: "lab/data-plane/network/load-balancer.test.ts",
    why: "HAProxy's configuration and its runtime API are tried with requests",
    files: [
      "lab/data-plane/vpc/load-balancer/haproxy-config.ts",
      "lab/data-plane/vpc/load-balancer/haproxy.ts",
      "lab/data-plane/vpc/load-balancer/load-balancers.ts",
    ],
  },
  {
    by: "lab/data-plane/runtime.test.ts",
    why: "types of what the sandbox is asked for",
    files: ["lab/data-plane/vpc/protocol.ts"],
  },
  {
    by: "lab/scenarios/web/web.test.ts",
    why: "the load and what it does to a layout are measured by the scenario",
    files: ["lab/scenarios/web/web-layout.ts"],
  },
  {
    by: "lab/timeline/timeline.test.ts",
    why: "charts are looked for in the page",
    files: ["lab/timeline/charts.ts"],
  },
  {
    by: "main.test.ts",
    why: "folders of former environments are kept by main.ts",
    files: ["stacks/former-stacks.ts"],
  },
];

const longestUntested = 60;
const sources = readdirSync(path.join(projectRoot, "src"), { recursive: true, encoding: "utf8" }).filter((file) =>
  file.endsWith(".ts"),
);
const lines = (file: string) =>
  readFileSync(path.join(projectRoot, "src", file), "utf8")
    .trimEnd()
    .split("\n").length;
const hasTest = (name: string) => existsSync(path.join(projectRoot, "__tests__", name));
const withoutTest = sources.filter(
  (file) => lines(file) > longestUntested && !hasTest(file.replace(/\.ts$/, ".test.ts")),
);

const listed = checkedElsewhere.flatMap(({ files }) => files);

it(`finds a test at the mirrored path of each source file of more than ${longestUntested} lines, or an entry above`, () => {
  expect(sources.length).toBeGreaterThan(200);
  expect(withoutTest.filter((file) => !listed.includes(file))).toEqual([]);
});

describe("entries above", () => {
  it("are each needed, and name a file once", () => {
    expect(listed.filter((file, index) => !withoutTest.includes(file) || listed.indexOf(file) !== index)).toEqual([]);
  });

  it("each name a test that is there", () => {
    expect(checkedElsewhere.filter(({ by }) => !hasTest(by))).toEqual([]);
  });
});
