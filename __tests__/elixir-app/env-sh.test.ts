import { execa } from "execa";
import { createServer } from "node:http";
import type { Server, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describeWith } from "../tool-here";
import { elixirApp } from "./elixir";
import { scratchFolder } from "../scratch";
import { notEmpty } from "../not-empty";
import { writeProgram } from "../program";

/** What the ECS agent answers for a task with a sidecar. */
const task = JSON.stringify({
  Family: "myapp",
  Containers: [
    { Name: "log-router", Networks: [{ NetworkMode: "awsvpc", IPv4Addresses: ["10.0.1.11"] }] },
    { Name: "myapp", Networks: [{ NetworkMode: "awsvpc", IPv4Addresses: ["10.0.1.11"] }] },
  ],
});

const shells: [name: string, shell: [string, ...string[]]][] = [
  ["dash", ["dash"]],
  ["busybox ash", ["busybox", "ash"]],
];

/** As bin/<release> does it: the command, the name, and then `.` under `set -e`. */
const caller = (envSh: string) => `set -e
RELEASE_NAME="\${RELEASE_NAME:-"myapp"}"; export RELEASE_NAME
RELEASE_COMMAND="$1"; export RELEASE_COMMAND
. "${envSh}"
echo "distribution=\${RELEASE_DISTRIBUTION:-}"
echo "node=\${RELEASE_NODE:-}"
echo "flags=\${ELIXIR_ERL_OPTIONS:-}"
echo "cookie=\${RELEASE_COOKIE:-}"
echo "certificates=\${DISTRIBUTION_CERTIFICATES:-}"
sh -c 'echo "exported=$RELEASE_DISTRIBUTION $RELEASE_NODE $DISTRIBUTION_MODE $DISTRIBUTION_PORT_MIN $DISTRIBUTION_PORT_MAX"'`;

/** Blocks of PEM with these labels. env.sh doesn't look into them. */
const pem = (...labels: string[]) =>
  labels.map((label) => `-----BEGIN ${label}-----\nMIIB\n-----END ${label}-----\n`).join("");

const modeOf = (file: string) => statSync(file).mode & 0o777;

type Answer = (response: ServerResponse) => void;

const address: Answer = (response) => response.end(task);

let folder: string;
let envSh: string;
let metadata: Server;
const endpoints: { answers: Answer[]; requests: string[] }[] = [];

beforeAll(async () => {
  folder = scratchFolder("env-sh");
  envSh = join(folder, "env.sh");
  metadata = createServer((request, response) => {
    const endpoint = endpoints[Number(request.url?.split("/")[2])];
    const answer = endpoint?.answers[endpoint.requests.length] ?? endpoint?.answers.at(-1);
    endpoint?.requests.push(request.url ?? "");
    answer?.(response);
  });
  await new Promise<void>((listening) => metadata.listen(0, "127.0.0.1", listening));
});

afterAll(() => {
  metadata.closeAllConnections();
  metadata.close();
  rmSync(folder, { recursive: true });
});

/** A metadata endpoint that gives these answers one after another, and repeats the last one. */
function endpoint(...answers: Answer[]) {
  const requests: string[] = [];
  const path = `/v4/${endpoints.push({ answers, requests }) - 1}`;
  const uri = `http://127.0.0.1:${(metadata.address() as AddressInfo).port}${path}`;
  return { uri, path, requests };
}

/** The metadata of a task with these addresses. */
const addresses =
  (networks: object): Answer =>
  (response) =>
    response.end(JSON.stringify({ Containers: [{ Networks: [networks] }] }));

/** env.sh sourced by a shell in an environment of these variables alone. */
async function source(shell: readonly string[], command: string, env: Record<string, string> = {}) {
  const [file = "", ...options] = shell;
  const { exitCode, stdout, stderr } = await execa(file, [...options, "-c", caller(envSh), "bin/myapp", command], {
    env: { PATH: process.env["PATH"] ?? "", RELEASE_COOKIE: "cookie", ...env },
    extendEnv: false,
    reject: false,
  });
  const values = Object.fromEntries(stdout.split("\n").map((line) => line.split(/=(.*)/s).slice(0, 2)));
  return { exitCode, stderr, ...values } as Record<string, string> & { exitCode: number; stderr: string };
}

const words = (flags: string | undefined) => (flags ?? "").trim().split(/\s+/).join(" ");

describeWith("elixir", "shellcheck")("rel/env.sh.eex", () => {
  beforeAll(async () => {
    const render = `IO.write(EEx.eval_file("rel/env.sh.eex", assigns: [release: %{name: :myapp}]))`;
    const { stdout } = await execa("elixir", ["-e", render], { cwd: elixirApp });
    writeFileSync(envSh, stdout);
  });

  it("passes shellcheck", async () => {
    expect((await execa("shellcheck", ["--shell=sh", envSh])).stdout).toBe("");
  });

  describeWith("dash", "busybox", "curl", "jq")("when the metadata endpoint is in trouble", () => {
    let bin: string;
    const tool = (name: string, body: string) => writeProgram(join(bin, name), `#!/bin/sh\n${body}\n`);

    // Pauses are counted, not waited for.
    beforeEach(() => {
      bin = mkdtempSync(join(folder, "tools-"));
      tool("sleep", `echo "sleep $1" >> ${bin}/log`);
    });

    const onAll = (env: () => Record<string, string>) =>
      Promise.all(
        shells.map(([, shell]) => source(shell, "start", { PATH: `${bin}:${process.env["PATH"]}`, ...env() })),
      );

    it("tries again: no answer, 500, something else, a task without an address yet", async () => {
      const never: Answer = () => undefined;
      const error: Answer = (response) => response.writeHead(500).end();
      const page: Answer = (response) => response.end("<html>");
      const early: Answer = (response) => response.end('{"Containers":[{"Networks":null}]}');
      const results = await onAll(() => ({
        ECS_CONTAINER_METADATA_URI_V4: endpoint(never, error, page, early, address).uri,
      }));
      for (const { exitCode, node } of notEmpty(results)) {
        expect({ exitCode, node }).toEqual({ exitCode: 0, node: "myapp@10.0.1.11" });
      }
    });

    it("waits longer for each answer, as long as a machine without CPU to spare needs", async () => {
      const seconds = `while [ "$1" != --max-time ]; do shift; done; echo "curl $2" >> ${bin}/log`;
      tool("curl", `${seconds}; [ "$2" -ge 32 ] && echo '${task}'`);
      const result = await source(["dash"], "start", {
        PATH: `${bin}:${process.env["PATH"]}`,
        ECS_CONTAINER_METADATA_URI_V4: "http://169.254.170.2/v4/1",
      });
      expect(result.node).toBe("myapp@10.0.1.11");
      expect(readFileSync(join(bin, "log"), "utf8").trim().split("\n").join(", ")).toBe(
        "curl 2, sleep 1, curl 4, sleep 2, curl 8, sleep 4, curl 16, sleep 8, curl 32",
      );
    });

    it("takes an answer that comes after more than two seconds", async () => {
      const never: Answer = () => undefined;
      const late: Answer = (response) => void setTimeout(() => address(response), 2500);
      const results = await onAll(() => ({ ECS_CONTAINER_METADATA_URI_V4: endpoint(never, late, never).uri }));
      for (const { node } of notEmpty(results)) expect(node).toBe("myapp@10.0.1.11");
    });

    it("gives up after five attempts and says so", async () => {
      const endpoints: ReturnType<typeof endpoint>[] = [];
      const results = await onAll(() => {
        const unavailable = endpoint((response) => response.writeHead(503).end());
        endpoints.push(unavailable);
        return { ECS_CONTAINER_METADATA_URI_V4: unavailable.uri };
      });
      notEmpty(results).forEach(({ exitCode, stderr, node }, index) => {
        expect(exitCode).toBe(1);
        expect(node).toBeUndefined();
        expect(endpoints[index]?.requests).toHaveLength(5);
        expect(stderr).toContain(
          `ERROR: no IP address from the ECS metadata endpoint ${endpoints[index]?.uri}/task. Outside ECS, unset ECS_CONTAINER_METADATA_URI_V4 and set RELEASE_IP or RELEASE_NODE`,
        );
      });
    });

    it("names the IPv6 address of a task that has no other", async () => {
      const results = await onAll(() => ({
        ECS_CONTAINER_METADATA_URI_V4: endpoint(addresses({ IPv4Addresses: [], IPv6Addresses: ["2001:db8::11"] })).uri,
      }));
      for (const { exitCode, stderr } of notEmpty(results)) {
        expect({ exitCode, stderr }).toEqual({
          exitCode: 1,
          stderr:
            "ERROR: the task has no IPv4 address, only IPv6 (2001:db8::11). Nodes find each other by IPv4 addresses here: run the service in subnets that have IPv4",
        });
      }
    });
  });

  describe.each(shells)("under %s", (_name, shell) => {
    const tool = shell[0];
    const run = describeWith(tool, "curl", "jq");
    const on = (command: string, env?: Record<string, string>) => source(shell, command, env);

    run("in an ECS task", () => {
      it("names the node after the task's address", async () => {
        const { uri, path, requests } = endpoint(address);
        const { exitCode, stderr, node, distribution, exported } = await on("start", {
          ECS_CONTAINER_METADATA_URI_V4: uri,
        });
        expect({ exitCode, stderr, node, distribution }).toEqual({
          exitCode: 0,
          stderr: "",
          node: "myapp@10.0.1.11",
          distribution: "name",
        });
        expect(exported).toBe("name myapp@10.0.1.11 epmd 9000 9010");
        expect(requests).toEqual([`${path}/task`]);
      });

      it("takes the basename from RELEASE_NAME", async () => {
        const { uri } = endpoint(address);
        const { node } = await on("start", { ECS_CONTAINER_METADATA_URI_V4: uri, RELEASE_NAME: "myapp2" });
        expect(node).toBe("myapp2@10.0.1.11");
      });

      it.each(["start", "remote", "rpc", "stop"])("%s puts CLUSTER_VERSION into the basename", async (command) => {
        const { uri } = endpoint(address);
        const { node } = await on(command, { ECS_CONTAINER_METADATA_URI_V4: uri, CLUSTER_VERSION: "1_4_2-rc_1" });
        expect(node).toBe("myapp-1_4_2-rc_1@10.0.1.11");
      });

      it.each(["1.4.2", "a@b", "1 -eval halt()", "\u00e4"])("refuses %j as CLUSTER_VERSION", async (version) => {
        const { uri } = endpoint(address);
        const result = await on("start", { ECS_CONTAINER_METADATA_URI_V4: uri, CLUSTER_VERSION: version });
        expect(result).toMatchObject({
          exitCode: 1,
          stderr: `ERROR: CLUSTER_VERSION is "${version}"; it must be letters, digits, - and _, such as 1_4_2`,
        });
        expect(result.node).toBeUndefined();
      });

      it.each([
        ["null", "null"],
        [5, "5"],
        ["-n", "-n"],
        ["1.2.3.4 -eval halt()", "1.2.3.4 -eval halt()"],
        ["a@b@c", "a@b@c"],
        ["10.0.1", "10.0.1"],
        ["10.0.1.256", "10.0.1.256"],
        ["10.0.1.11.", "10.0.1.11."],
        ["10.0.1.11\n\u001b[2J", "10.0.1.11\\n\\u001b[2J"],
        ["2001:db8::11", "2001:db8::11"],
      ])("refuses %j as an address", async (value, shown) => {
        const { uri } = endpoint(addresses({ IPv4Addresses: [value] }));
        const result = await on("start", { ECS_CONTAINER_METADATA_URI_V4: uri });
        expect(result).toMatchObject({
          exitCode: 1,
          stderr: `ERROR: the ECS metadata endpoint gave "${shown}" as the task's address; it must be an IPv4 address, such as 10.0.1.11`,
        });
        expect(result.node).toBeUndefined();
      });

      it("doesn't ask a proxy that is meant for the internet", async () => {
        const { uri } = endpoint(address);
        const { node } = await on("start", { ECS_CONTAINER_METADATA_URI_V4: uri, http_proxy: "http://127.0.0.1:1" });
        expect(node).toBe("myapp@10.0.1.11");
      });

      it.each(["curl", "jq"])("says that %s is missing", async (missing) => {
        const bin = mkdtempSync(join(folder, "bin-"));
        for (const name of ["curl", "jq", "sh", "tr", "wc"].filter((name) => name !== missing)) {
          const { stdout } = await execa("sh", ["-c", `command -v ${name}`]);
          symlinkSync(stdout, join(bin, name));
        }
        const { stdout: path } = await execa("sh", ["-c", `command -v ${tool}`]);
        const { exitCode, stderr } = await source([path, ...shell.slice(1)], "start", {
          ECS_CONTAINER_METADATA_URI_V4: endpoint(address).uri,
          PATH: bin,
        });
        expect(exitCode).toBe(1);
        expect(stderr).toBe(
          `ERROR: ${missing} is not in the image; env.sh gets the node's IP from the ECS metadata endpoint with curl and jq`,
        );
      });
    });

    run("elsewhere", () => {
      it("RELEASE_NODE names the node, without a request to the metadata endpoint", async () => {
        const { uri, requests } = endpoint(address);
        const env = { ECS_CONTAINER_METADATA_URI_V4: uri, RELEASE_NODE: "a@192.168.0.2", RELEASE_IP: "192.168.0.3" };
        expect((await on("start", env)).node).toBe("a@192.168.0.2");
        expect(requests).toEqual([]);
      });

      it("RELEASE_IP is the right side of the name", async () => {
        expect((await on("start", { RELEASE_IP: "192.168.0.3" })).node).toBe("myapp@192.168.0.3");
      });

      it("CLUSTER_VERSION is in the basename here too, but not in RELEASE_NODE", async () => {
        const named = async (env: Record<string, string>) =>
          (await on("start", { CLUSTER_VERSION: "0123abc", ...env })).node;
        expect(await named({ RELEASE_IP: "192.168.0.3" })).toBe("myapp-0123abc@192.168.0.3");
        expect(await named({})).toBe("myapp-0123abc@127.0.0.1");
        expect(await named({ RELEASE_NODE: "a@192.168.0.2" })).toBe("a@192.168.0.2");
      });

      it.each([
        ["RELEASE_IP", "1.2.3.4 -eval halt()", "an address, such as 192.168.0.2"],
        ["RELEASE_IP", "-n", "an address, such as 192.168.0.2"],
        ["RELEASE_IP", "a@b", "an address, such as 192.168.0.2"],
        ["RELEASE_NODE", "a@b@c", "name@address, such as myapp@192.168.0.2"],
        ["RELEASE_NODE", "-name x@y", "name@address, such as myapp@192.168.0.2"],
      ])("refuses %s %j", async (name, value, allowed) => {
        expect(await on("start", { [name]: value })).toMatchObject({
          exitCode: 1,
          stderr: `ERROR: ${name} is "${value}"; it must be ${allowed}`,
        });
      });

      it("without any of them the node is this machine's alone, and says so when it starts", async () => {
        const start = await on("start");
        expect(start.node).toBe("myapp@127.0.0.1");
        expect(start.stderr).toBe(
          "Not an ECS task (no ECS_CONTAINER_METADATA_URI_V4): the node is myapp@127.0.0.1. RELEASE_IP or RELEASE_NODE names it otherwise.",
        );
        expect(await on("rpc")).toMatchObject({ node: "myapp@127.0.0.1", stderr: "" });
      });
    });

    run("the cookie", () => {
      const here = { RELEASE_IP: "10.0.1.11" };

      it.each(["-84BlQcX_abc", "--", "+GU/boXwlDkb"])("refuses %s, which the VM takes for a flag", async (cookie) => {
        for (const command of ["start", "rpc", "eval"]) {
          const { exitCode, stderr } = await on(command, { ...here, RELEASE_COOKIE: cookie });
          expect({ exitCode, stderr }).toEqual({
            exitCode: 1,
            stderr:
              "ERROR: RELEASE_COOKIE begins with - or +, which the Erlang VM takes for a flag; it must begin with another character, such as a letter",
          });
        }
      });

      it.each([
        ["256 letters", "x".repeat(256), 256],
        ["300 letters", "x".repeat(300), 300],
        ["256 umlauts", "ä".repeat(256), 256],
      ])("refuses %s", async (_what, cookie, count) => {
        const { exitCode, stderr } = await on("start", { ...here, RELEASE_COOKIE: cookie });
        expect({ exitCode, stderr }).toEqual({
          exitCode: 1,
          stderr: `ERROR: RELEASE_COOKIE has ${count} characters; it must have 255 at most`,
        });
      });

      it.each([
        ["quotes, $, a blank and #", "a\"b'c$HOME `d` #e"],
        ["a newline at the end", "abc\n"],
        ["255 letters", "x".repeat(255)],
        ["255 umlauts", "ä".repeat(255)],
        ["a minus later", "a-b+c"],
      ])("takes %s as before", async (_what, cookie) => {
        const { exitCode, stderr } = await on("start", { ...here, RELEASE_COOKIE: cookie });
        expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
      });

      it.each(["start", "daemon", "remote", "rpc", "stop"])("%s needs one", async (command) => {
        const { exitCode, stderr } = await on(command, { ...here, RELEASE_COOKIE: "" });
        expect({ exitCode, stderr }).toEqual({
          exitCode: 1,
          stderr:
            "ERROR: RELEASE_COOKIE is not set; all nodes of a cluster need the same one, from a secret. For example on your own machine: RELEASE_COOKIE=secret",
        });
      });

      it("eval does without, and without the file that isn't in the image", async () => {
        expect(await on("eval", { RELEASE_COOKIE: "" })).toMatchObject({ exitCode: 0, stderr: "", cookie: "none" });
      });
    });

    run("the script's own path as its first argument", () => {
      it("is passed over: the image may have an entry point or none", async () => {
        const script = join(folder, "myapp");
        writeProgram(script, `#!/bin/sh\nRELEASE_COMMAND="$1"; . "${envSh}"; printf '<%s>' "$@"`);
        const path = process.env["PATH"] ?? "";
        const { stdout } = await execa(script, ["bin/myapp", "eval", "a  b", "*"], { env: { PATH: path } });
        expect(stdout).toBe("<eval><a  b><*>");
        const other = await execa(script, ["bin/other", "x"], { env: { PATH: path } });
        expect(other.stdout).toBe("<bin/other><x>");
      });
    });

    run("flags", () => {
      const here = { RELEASE_IP: "10.0.1.11" };
      const single = { ...here, DISTRIBUTION_MODE: "single-port" };
      const range = "-kernel inet_dist_listen_min 9000 inet_dist_listen_max 9010";
      const tick = "-kernel net_ticktime 15";
      const noEpmd = "-start_epmd false -erl_epmd_port 9000";

      it.each(["start", "start_iex", "daemon", "daemon_iex"])("%s listens on the range", async (command) => {
        expect(words((await on(command, here)).flags)).toBe(`${tick} ${range}`);
      });

      it.each(["remote", "rpc", "stop", "restart", "pid"])("%s takes no port, only the tick time", async (command) => {
        expect(words((await on(command, here)).flags)).toBe(tick);
      });

      it.each(["eval", "version", ""])("%p is left alone", async (command) => {
        const { uri, requests } = endpoint(address);
        expect(await on(command, { ECS_CONTAINER_METADATA_URI_V4: uri })).toMatchObject({
          exitCode: 0,
          node: "",
          distribution: "",
          flags: "",
        });
        expect(requests).toEqual([]);
      });

      it.each(["start", "daemon", "eval"])("%s starts no node with RELEASE_DISTRIBUTION none", async (command) => {
        const { uri, requests } = endpoint(address);
        const without = { ECS_CONTAINER_METADATA_URI_V4: uri, RELEASE_DISTRIBUTION: "none", RELEASE_COOKIE: "" };
        expect(await on(command, without)).toMatchObject({
          exitCode: 0,
          node: "",
          distribution: "none",
          flags: "",
          cookie: "none",
        });
        expect(requests).toEqual([]);
      });

      it("eval is a node in a task that joins the cluster", async () => {
        const { uri } = endpoint(address);
        const { flags, node } = await on("eval", { ECS_CONTAINER_METADATA_URI_V4: uri, EVAL_DISTRIBUTION: "name" });
        expect(node).toBe("myapp@10.0.1.11");
        expect(words(flags)).toBe(`${tick} ${range} -name myapp@10.0.1.11`);
      });

      it("single-port: the node listens on the port that is dialled, without epmd", async () => {
        const { flags, exported } = await on("start", single);
        expect(words(flags)).toBe(`${tick} ${noEpmd} -kernel inet_dist_listen_min 9000 inet_dist_listen_max 9000`);
        expect(exported).toContain("single-port 9000 9000");
      });

      it.each(["remote", "rpc", "stop"])("single-port: %s dials that port and doesn't listen", async (command) => {
        expect(words((await on(command, single)).flags)).toBe(`${tick} ${noEpmd} -dist_listen false`);
      });

      describe("tls", () => {
        const tls = {
          ...here,
          DISTRIBUTION_MODE: "tls",
          DISTRIBUTION_CERTIFICATES: pem("PRIVATE KEY", "CERTIFICATE", "CERTIFICATE", "CERTIFICATE"),
        };
        const folders = new Set<string>();
        const optionsIn = (flags = "") => /-ssl_dist_optfile (\S+)/.exec(flags)![1]!;

        afterAll(() => folders.forEach((kept) => rmSync(kept, { recursive: true, force: true })));

        it("connects as with a single port, and encrypted", async () => {
          const { flags } = await on("start", tls);
          const encrypted = `-proto_dist inet_tls -ssl_dist_optfile ${optionsIn(flags)}`;
          expect(words(flags)).toBe(
            `${tick} ${noEpmd} ${encrypted} -kernel inet_dist_listen_min 9000 inet_dist_listen_max 9000`,
          );
          const { flags: ofRpc } = await on("rpc", tls);
          expect(words(ofRpc)).toBe(`${tick} ${noEpmd} ${encrypted} -dist_listen false`);
        });

        it("keeps key and certificates in memory, for this user alone, and out of the application's environment", async () => {
          const { flags, certificates } = await on("start", tls);
          const options = optionsIn(flags);
          const kept = dirname(options);
          folders.add(kept);
          expect(kept).toMatch(/^\/dev\/shm\/distribution-\d+-\d+$/);
          const files = { "authorities.pem": 0o400, "certificate.pem": 0o400, "key.pem": 0o400, options: 0o400 };
          expect(Object.fromEntries(readdirSync(kept).map((file) => [file, modeOf(join(kept, file))]))).toEqual(files);
          expect(modeOf(kept)).toBe(0o700);
          const text = (file: string) => readFileSync(join(kept, file), "utf8");
          expect(text("key.pem")).toBe(pem("PRIVATE KEY"));
          expect(text("certificate.pem")).toBe(pem("CERTIFICATE"));
          expect(text("authorities.pem")).toBe(pem("CERTIFICATE", "CERTIFICATE"));
          expect(certificates).toBe("");
        });

        it("doesn't take over a folder that is a link", async () => {
          const { flags } = await on("start", tls);
          const kept = dirname(optionsIn(flags));
          rmSync(kept, { recursive: true });
          symlinkSync(folder, kept);
          const { stderr } = await on("start", tls);
          rmSync(kept);
          expect(stderr).toBe(`ERROR: ${kept} belongs to another user, and the node's private key would be kept there; remove it`);
        });

        it("names what a release without ssl lacks", async () => {
          mkdirSync(join(folder, "releases/1"), { recursive: true });
          writeFileSync(join(folder, "releases/1/myapp.rel"), '{release,{"myapp","1"},[{kernel,"8.5"}]}.');
          const { stderr } = await on("start", { ...tls, RELEASE_ROOT: folder, RELEASE_VSN: "1" });
          expect(stderr).toBe(
            "ERROR: the release has no application ssl, which tls mode needs; add :ssl to extra_applications in mix.exs",
          );
        });
      });

      it("takes the ports and the tick time from the environment", async () => {
        const ports = { DISTRIBUTION_PORT_MIN: "9100", DISTRIBUTION_PORT_MAX: "9120", NET_TICKTIME: "8" };
        expect(words((await on("start", { ...here, ...ports })).flags)).toBe(
          "-kernel net_ticktime 8 -kernel inet_dist_listen_min 9100 inet_dist_listen_max 9120",
        );
      });

      it("gives the node the time to stop that ECS leaves it, and no client", async () => {
        const stop = { ...here, SHUTDOWN_TIME: "35" };
        expect(words((await on("start", stop)).flags)).toBe(`${tick} ${range} -shutdown_time 35000`);
        expect(words((await on("rpc", stop)).flags)).toBe(tick);
      });

      it.each(["start", "rpc"])("keeps the flags that %s has already", async (command) => {
        const { flags } = await on(command, { ...here, ELIXIR_ERL_OPTIONS: "+P 100000 -kernel logger_level debug" });
        expect(flags).toMatch(/^\+P 100000 -kernel logger_level debug -kernel net_ticktime 15/);
      });

      it.each([
        [{ DISTRIBUTION_MODE: "ssl" }, 'ERROR: DISTRIBUTION_MODE is "ssl"; it must be epmd, single-port or tls'],
        [
          { DISTRIBUTION_MODE: "tls" },
          "ERROR: DISTRIBUTION_CERTIFICATES is not set; in tls mode all nodes of a cluster need it, from a secret",
        ],
        [
          { DISTRIBUTION_MODE: "tls", DISTRIBUTION_CERTIFICATES: pem("CERTIFICATE", "PRIVATE KEY", "CERTIFICATE") },
          "ERROR: DISTRIBUTION_CERTIFICATES isn't a private key, the node's certificate and the authorities' certificates, as PEM and in this order",
        ],
        [
          { DISTRIBUTION_PORT_MIN: "9000x" },
          'ERROR: DISTRIBUTION_PORT_MIN is "9000x"; it must be a whole number, such as 9000',
        ],
        [{ DISTRIBUTION_PORT_MAX: "-1" }, 'ERROR: DISTRIBUTION_PORT_MAX is "-1"; it must be a whole number, such as 9010'],
        [{ SHUTDOWN_TIME: "35s" }, 'ERROR: SHUTDOWN_TIME is "35s"; it must be a whole number, such as 25'],
        [{ NET_TICKTIME: "15s" }, 'ERROR: NET_TICKTIME is "15s"; it must be a whole number, such as 15'],
        [
          { DISTRIBUTION_PORT_MIN: "9100" },
          "ERROR: DISTRIBUTION_PORT_MIN is 9100, above DISTRIBUTION_PORT_MAX, 9010",
        ],
        [
          { DISTRIBUTION_MODE: "single-port", DISTRIBUTION_PORT_MAX: "9010" },
          "ERROR: single-port mode has one port, but DISTRIBUTION_PORT_MIN is 9000 and DISTRIBUTION_PORT_MAX is 9010; set both to the same",
        ],
      ])("refuses %p", async (env, message) => {
        const result = await on("start", { ...here, ...(env as Record<string, string>) });
        expect(result).toMatchObject({ exitCode: 1, stderr: message });
        expect(result.node).toBeUndefined();
      });
    });
  });
});
