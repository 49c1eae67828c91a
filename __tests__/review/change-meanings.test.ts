import { type Action, meaningOf } from "../../src/review/change-meanings";
import type { ResourceChange } from "../../src/review/read/plan-format";

const verbs: Partial<Record<Action, string[]>> = { replace: ["create", "delete"] };

const meaning = (type: string, action: Action, change: object = {}) =>
  meaningOf({ type, change: { actions: verbs[action] ?? [action], ...change } } as ResourceChange, action);

describe("meaningOf", () => {
  it.each<[type: string, action: Action, said: string | undefined]>([
    ["aws_service_discovery_service", "replace", "ECS does not re-register running tasks in the new one"],
    ["aws_service_discovery_service", "delete", "nodes keep their links, but none finds a new one"],
    ["aws_service_discovery_service", "update", undefined],
    ["aws_ecs_task_definition", "replace", "new revision of the task definition"],
    ["aws_ecs_task_definition", "delete", undefined],
    ["aws_security_group", "replace", "rules that name the old one no longer match"],
    ["aws_security_group_rule", "replace", "the rule is missing for a moment"],
    ["aws_vpc_security_group_ingress_rule", "delete", "new ones are refused"],
    ["aws_vpc_security_group_egress_rule", "delete", "new ones are refused"],
    ["aws_ssm_parameter", "update", "running tasks keep the old value"],
    ["aws_ssm_parameter", "create", undefined],
    ["aws_ecs_service", "delete", "stops all its tasks"],
    ["aws_ecs_service", "replace", "no rolling deployment"],
    ["aws_sqs_queue", "delete", undefined],
    ["constructor", "create", undefined],
  ])("knows what %s means: %s", (type, action, said) => {
    expect(meaning(type, action)).toEqual(said === undefined ? undefined : expect.stringContaining(said));
  });

  it("counts the tasks that a new service starts", () => {
    const started = (after: object) => meaning("aws_ecs_service", "create", { after });
    expect(started({ desired_count: 1 })).toBe("starts 1 task");
    expect(started({ desired_count: 3 })).toBe("starts 3 tasks");
    expect(started({ desired_count: 0, scheduling_strategy: "DAEMON" })).toBeUndefined();
  });
});

describe("an updated service", () => {
  const service = { task_definition: "shop:1", desired_count: 2, deployment_maximum_percent: 150 };
  const updated = (after: object, after_unknown: object = {}) =>
    meaning("aws_ecs_service", "update", { before: service, after: { ...service, ...after }, after_unknown });
  const rolling = "rolling deployment, up to 3 tasks at once";

  it.each([
    ["network_configuration", [{ subnets: ["subnet-1"] }]],
    ["force_new_deployment", true],
    ["platform_version", "1.4.0"],
    ["service_registries", [{ registry_arn: "arn" }]],
    ["load_balancer", [{ target_group_arn: "arn" }]],
    ["enable_execute_command", true],
  ])("deploys another %s", (name, value) => {
    expect(updated({ [name]: value })).toBe(rolling);
  });

  it("deploys another task definition, also one that only apply shows", () => {
    expect(updated({ task_definition: "shop:2" })).toBe(`new task definition: ${rolling}`);
    expect(updated({}, { task_definition: true })).toBe(`new task definition: ${rolling}`);
  });

  it("keeps all its tasks at a maximum of 100 %, and below", () => {
    expect(updated({ force_new_deployment: true, deployment_maximum_percent: 50 })).toContain("up to 2 tasks");
  });

  it("changes its number of tasks alone, or nothing worth a word", () => {
    expect(updated({ desired_count: 5 })).toBe("from 2 tasks to 5 tasks");
    expect(updated({ tags: { team: "shop" } })).toBeUndefined();
  });

  it("isn't deployed by ECS where another controller is", () => {
    const deployment_controller = [{ type: "CODE_DEPLOY" }];
    expect(updated({ deployment_controller, task_definition: "shop:2" })).toContain(
      "ECS refuses this update: CodeDeploy",
    );
    expect(updated({ deployment_controller, desired_count: 3 })).toBe("from 2 tasks to 3 tasks");
  });
});
