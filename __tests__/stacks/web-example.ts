import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { parseEnvironments } from "../../src/environment";
import { labPatches } from "../../src/lab/lab";
import { type LocalAws, startLocalAws } from "../../src/lab/local-aws/aws";
import { createPrerequisites } from "../../src/lab/local-aws/prerequisites/prerequisites";
import { synthesizeInto } from "../../src/lab/local-aws/terraform/synthesized";
import { KeptProvider } from "../../src/lab/local-aws/terraform/kept-provider";
import { Terraform } from "../../src/lab/local-aws/terraform/terraform";
import { exampleFile } from "../examples";
import { scratchFolder } from "../scratch";

/** Variables of the example. */
export const image = ["-var", "shop_image=ghcr.io/acme/shop:1.0.0"];

/**
 * examples/phoenix-on-the-web on local AWS, with a second name and a second service on the same domain, in an ECS cluster
 * that exists, its state here, and its load balancer without protection.
 */
export class WebExample {
  private readonly scratch = scratchFolder("web-test");
  private aws!: LocalAws;
  private provider: KeptProvider | undefined;

  async start(): Promise<void> {
    this.aws = await startLocalAws({ patches: labPatches });
    const file = this.environmentFile("prerequisites");
    await createPrerequisites(this.aws, parseEnvironments(readFileSync(file, "utf8"), file).prod!);
  }

  async stop(): Promise<void> {
    await this.provider?.close();
    await this.aws?.stop();
  }

  /** Terraform in the example's stack, initialized. @param loadBalancer options of the load balancer */
  async terraform(name: string, loadBalancer: object = {}): Promise<Terraform> {
    const file = this.environmentFile(name, loadBalancer);
    const outdir = path.join(path.dirname(file), "cdktf.out");
    expect(await synthesizeInto(outdir, file)).toBe("");
    const folder = path.join(outdir, "stacks", "prod");
    this.provider ??= new KeptProvider(this.aws.environment);
    const terraform = new Terraform(folder, this.scratch, {
      environment: this.aws.environment,
      provider: this.provider,
    });
    await terraform.init();
    return terraform;
  }

  private environmentFile(name: string, loadBalancer: object = {}): string {
    const { prod } = JSON.parse(readFileSync(exampleFile("phoenix-on-the-web"), "utf8")) as {
      prod: { services: { shop: object } };
    };
    const folder = path.join(this.scratch, name);
    mkdirSync(folder, { recursive: true });
    const file = path.join(folder, "environments.json");
    const { shop } = prod.services;
    const web = { domain: "shop.example.com", extraDomains: ["www.example.com"] };
    const changed = {
      state: { local: {} },
      ecsCluster: { name: "shop-prod" },
      services: {
        shop: { ...shop, cluster: "shop", web },
        api: {
          ...shop,
          cluster: "shop",
          web: { ...web, paths: ["/api/*"] },
          tasks: { min: 2, max: 8, requestsPerTask: 1000 },
        },
      },
      loadBalancer: { create: { zone: "example.com", deletionProtection: false, ...loadBalancer } },
    };
    writeFileSync(file, JSON.stringify({ prod: { ...prod, ...changed } }));
    return file;
  }
}
