import { describeWithTerraform } from "../terraform-here";
import { image, WebExample } from "./web-example";

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
    expect(await terraform.plan("second", ...image)).toEqual({ add: 0, change: 0, destroy: 0 });
    await terraform.destroy(...image);
    expect(JSON.parse(await terraform.showState())).not.toHaveProperty("values.root_module.resources");
  });
});
