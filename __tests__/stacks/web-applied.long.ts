import { describeWithTerraform } from "../terraform-here";
import { image, WebExample } from "./web-example";

interface State {
  readonly values: {
    readonly root_module: {
      readonly resources: readonly {
        readonly type: string;
        readonly values: {
          readonly arn_suffix?: string;
          readonly target_tracking_scaling_policy_configuration?: readonly {
            readonly predefined_metric_specification: readonly {
              readonly predefined_metric_type: string;
              readonly resource_label: string;
            }[];
          }[];
        };
      }[];
    };
  };
}

// `npm run test:web`: two minutes, most of which the provider waits for the load balancer and the records.
describeWithTerraform("examples/phoenix-on-the-web, applied to local AWS", () => {
  const example = new WebExample();
  beforeAll(() => example.start());
  afterAll(() => example.stop());

  it("has its URLs, plans nothing more, and is destroyed", async () => {
    const terraform = await example.terraform("applied");
    await terraform.plan("first", ...image);
    await terraform.apply("first");
    expect(await terraform.outputs()).toMatchObject({ urls: { shop: "https://shop.example.com" } });
    // Autoscaling by requests names the load balancer and the target group that exist only now.
    const { values } = JSON.parse(await terraform.showState()) as State;
    const named = (type: string) => values.root_module.resources.filter((each) => each.type === type);
    const [lb] = named("aws_lb");
    const groups = named("aws_lb_target_group").map((group) => group.values.arn_suffix);
    const [metric] = named("aws_appautoscaling_policy").flatMap(
      ({ values: { target_tracking_scaling_policy_configuration: [tracking] = [] } }) =>
        tracking!.predefined_metric_specification,
    );
    expect(metric!.predefined_metric_type).toBe("ALBRequestCountPerTarget");
    expect(groups.map((group) => `${lb!.values.arn_suffix}/${group}`)).toContain(metric!.resource_label);
    expect(await terraform.plan("second", ...image)).toEqual({ add: 0, change: 0, destroy: 0 });
    await terraform.destroy(...image);
    expect(JSON.parse(await terraform.showState())).not.toHaveProperty("values.root_module.resources");
  });
});
