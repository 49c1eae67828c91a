import { existsSync, readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { PassThrough } from "node:stream";
import { runInteractive } from "../../../src/lab/prompt/interactive";
import { labUp } from "../../../src/lab/prompt/up";
import { describeWithTerraform } from "../../terraform-here";
import { describeWith } from "../../tool-here";
import { describeWithSandbox } from "../sandbox-here";
import { scratchFolder } from "../../scratch";

const byHand = path.join(__dirname, "..", "..", "fixtures", "lab", "hcl");

async function up(folders: string[], ...script: string[]) {
  const said: string[] = [];
  const output = new PassThrough();
  const input = new PassThrough();
  input.end(`${script.join("\n")}\n`);
  const varFiles = folders.map((folder) => path.join(folder, "prod.tfvars")).filter(existsSync);
  const failed = await labUp({ folders, varFiles, print: (line) => said.push(line) }, (lab) =>
    runInteractive(lab, { input, output }),
  );
  return { failed, said: said.join("\n"), transcript: String(output.read()) };
}

describeWithSandbox("a layout that is none of ours", () => {
  describeWith("mix")("in the lab", () => {
    describeWithTerraform("after terraform apply", () => {
      it("clusters: HCL by hand, one service, rules inside its group, state and profile of a real account", async () => {
        // GIVEN three tasks of one service, as --var-file says, and a lock file whose provider can't be installed here WHEN they are up, and each is asked by remote call
        const { failed, said, transcript } = await up(
          [byHand],
          "wait",
          `rpc 172.31.0.4 Enum.map(Node.list(), &(:erpc.call(&1, Node, :self, []) == &1))`,
          "denied",
        );
        // THEN they form a cluster under the names that the layout gives them
        expect(transcript).toContain("chat@172.31.16.4");
        expect(transcript).toContain("3 nodes, 6 of 6 links");
        expect(transcript).toContain("[true, true]\n");
        expect(transcript).toContain("lab> denied\nNone.\n");
        expect(failed).toBe(0);
        expect(said).toContain("it runs in place of the image of each service's node");
        expect(said).toContain("the providers of .terraform.lock.hcl can't be installed here");
        expect(said).toContain("terraform apply: 12 resources");
        expect(said).toMatch(/terraform destroy \([\d.]+ s\)$/);
        // AND nothing else was written there
        expect(readdirSync(byHand)).toEqual([".terraform.lock.hcl", "main.tf", "prod.tfvars"]);
      });

      it("is refused without an ECS service", async () => {
        const folder = scratchFolder("no-service");
        writeFileSync(path.join(folder, "main.tf"), 'resource "aws_vpc" "main" {\n  cidr_block = "10.0.0.0/16"\n}\n');
        await expect(up([folder])).rejects.toThrow(/ECS service/);
      });
    });
  });
});
