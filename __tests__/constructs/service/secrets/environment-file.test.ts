import { EnvironmentFile } from "../../../../src/constructs/service/secrets/environment-file";
import { container, emptyStack, jsonOf, Layout, the } from "../../layout";

const s3 = "arn:aws:s3:::acme-config/shop/prod.env";

describe("EnvironmentFile", () => {
  it("is listed at plan, and never read", () => {
    const stack = emptyStack();
    new EnvironmentFile(stack, "file", { s3 });
    const json = jsonOf(stack);
    expect(the(json, "aws_s3_objects", "data")).toEqual({
      bucket: "acme-config",
      prefix: "shop/prod.env",
      max_keys: 1,
      lifecycle: {
        postcondition: [
          {
            condition: '${contains(self.keys, "shop/prod.env")}',
            error_message: `There is no environment file ${s3}: no task could start. Upload it, or remove it from environmentFiles.`,
          },
        ],
      },
    });
    expect(JSON.stringify(json)).not.toMatch(/aws_s3_object"/);
  });

  it("is not listed with the check none", () => {
    const stack = emptyStack();
    new EnvironmentFile(stack, "file", { s3, check: "none" });
    expect(jsonOf(stack).data).toBeUndefined();
  });

  it("reaches the container by its ARN, and only where there is one", () => {
    const layout = new Layout();
    layout.service("myapp", { environmentFiles: [new EnvironmentFile(layout.stack, "file", { s3 })] });
    expect(container(layout.json).environmentFiles).toEqual([{ value: s3, type: "s3" }]);
    const without = new Layout();
    without.service("myapp");
    expect(container(without.json)).not.toHaveProperty("environmentFiles");
  });
});
