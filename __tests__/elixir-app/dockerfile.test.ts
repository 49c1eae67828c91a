import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { argumentsOf, context, execForm, Replay, stages } from "./dockerfile";
import type { Stage } from "./dockerfile";
import { copySampleProject, sampleDependencies } from "../../src/lab/local-aws/sample/sample-project";
import { describeWith } from "../tool-here";
import { elixirApp } from "./elixir";
import { ReleaseNode } from "./release";
import { notEmpty } from "../not-empty";
import { scratchFolder } from "../scratch";


const file = join(elixirApp, "Dockerfile");
const [builder, runner] = stages(file) as [Stage, Stage];

const packages = (stage: Stage) =>
  argumentsOf(stage, "RUN")
    .map((words) => words.join(" "))
    .flatMap((command) => /apt-get install (.*?) &&/.exec(command.replaceAll("\\", ""))?.[1]?.split(/\s+/) ?? []);

describe("elixir-app/Dockerfile", () => {
  it("has two stages of the same Debian, each pinned to a dated tag", () => {
    expect(stages(file)).toHaveLength(2);
    expect(builder.image).toMatch(/^hexpm\/elixir:\d+\.\d+\.\d+-erlang-[\d.]+-debian-trixie-\d{8}-slim$/);
    expect(runner.image).toMatch(/^debian:trixie-\d{8}-slim$/);
    expect(builder.image).toContain(runner.image.replace(":", "-"));
  });

  it("installs what env.sh asks the metadata endpoint with", () => {
    expect(packages(runner)).toEqual(expect.arrayContaining(["curl", "jq"]));
  });

  it("exposes HTTP, epmd and the distribution ports, and no port of :erpc, which has none", () => {
    expect(argumentsOf(runner, "EXPOSE").flat()).toEqual(["4000", "4369", "9000-9010"]);
  });

  it("runs as nobody, who owns the release", () => {
    expect(argumentsOf(runner, "USER")).toEqual([["nobody"]]);
    const [copy] = runner.instructions.filter((instruction) => instruction.getKeyword() === "COPY");
    expect(copy?.getTextContent()).toContain("--from=builder --chown=nobody:root");
  });

  it("has /tmp as a volume, so that nobody may write there under a read-only root", () => {
    expect(argumentsOf(runner, "VOLUME")).toEqual([["/tmp"]]);
  });

  it("starts the release without a shell in between, so that SIGTERM arrives", () => {
    expect([...execForm(runner, "ENTRYPOINT"), ...execForm(runner, "CMD")]).toEqual(["/app/bin/myapp", "start"]);
  });

  it("builds under emulation too", () => {
    expect(builder.instructions.find((each) => each.getKeyword() === "ENV")?.getTextContent()).toContain(
      'ERL_AFLAGS="+JMsingle true"',
    );
  });

  it("gets what a release is built from, and nothing else", () => {
    const parts = new Set(context(elixirApp).map((path) => path.split("/")[0]));
    expect([...parts].sort()).toEqual(["config", "lib", "mix.exs", "mix.lock", "rel"]);
  });

  it("can be built from the locked versions that mix.exs asks for", () => {
    const locked = readFileSync(join(elixirApp, "mix.lock"), "utf8");
    const dependencies = [...readFileSync(join(elixirApp, "mix.exs"), "utf8").matchAll(/\{:(\w+), "~> (\d+\.\d+)/g)];
    expect(dependencies.map(([, name]) => name)).toEqual(["libcluster", "dns_cluster"]);
    for (const [, name, version] of notEmpty(dependencies)) expect(locked).toContain(`"${name}": {:hex, :${name}, "${version}.`);
    // All that these need is locked too, each with both of Hex's checksums.
    const entries = [...locked.matchAll(/^ {2}"(\w+)": .*"[0-9a-f]{64}", .*"hexpm", "[0-9a-f]{64}"\},$/gm)];
    expect(entries.map(([, name]) => name)).toEqual(["dns_cluster", "jason", "libcluster", "telemetry"]);
  });
});

describeWith("elixir")("its build, replayed on this machine", () => {
  let root: string;
  let replay: Replay;

  beforeAll(async () => {
    root = scratchFolder("dockerfile");
    const machine: Record<string, string> = {
      PATH: process.env["PATH"] ?? "",
      HOME: process.env["HOME"] ?? "",
    };
    // The flag is OTP 26's; the image has a later one, this machine may not.
    const single = { ...process.env, ERL_AFLAGS: "+JMsingle true" };
    if (spawnSync("erl", ["-noshell", "-s", "erlang", "halt"], { env: single }).status !== 0) {
      console.log("Not replayed: ERL_AFLAGS, which this machine's OTP doesn't know");
      machine["ERL_AFLAGS"] = "";
    }
    // apt-get needs an image, and local.hex needs hex.pm; the dependencies come from folders here.
    const project = join(root, "project");
    copySampleProject(project, sampleDependencies());
    replay = new Replay(project, root, machine, (command) => /^mix (?!local\.)/.test(command));
    await replay.run(builder, "builder");
    await replay.run(runner, "runner");
    console.log(`Not replayed:\n${replay.skipped.join("\n")}`);
  });


  it("leaves out only what needs an image or hex.pm", () => {
    expect(replay.skipped).toEqual(["apt-get update", "mix local.hex --force && mix local.rebar --force", "apt-get update"]);
  });

  it("leaves no cookie in the image, which everyone who can pull it would know", () => {
    expect(existsSync(replay.path("runner", "/app/releases/start_erl.data"))).toBe(true);
    expect(existsSync(replay.path("runner", "/app/releases/COOKIE"))).toBe(false);
  });

  it("gives a release that starts by the entrypoint, and ends by SIGTERM", async () => {
    const [entrypoint = ""] = execForm(runner, "ENTRYPOINT");
    const node = await ReleaseNode.start(replay.path("runner", entrypoint), {
      RELEASE_IP: "127.0.0.1",
      RELEASE_NAME: `docker${process.pid}`,
      DISTRIBUTION_MODE: "single-port",
      DISTRIBUTION_PORT_MIN: "9000",
      ELIXIR_ERL_OPTIONS: "-kernel inet_dist_use_interface {127,0,0,77}",
    });
    try {
      await node.healthy();
      expect((await node.terminate()).exitCode).toBe(0);
    } finally {
      await node.kill();
    }
  });
});
