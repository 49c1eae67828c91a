#!/usr/bin/env node
// Installs what a command of this project needs and the machine lacks: `node bin/setup.mjs demo|test`.
//
// Plain Node with no package, since the packages are the first thing to be installed. What is there already is left
// alone; what can't be installed is named once, with the command that does it.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");
const virtualEnvironment = path.join(root, ".cache", "venv");

/** Debian packages by the program that tells whether one is there; `demo` and `test` say who needs it. */
const programs = [
  { program: "mix", packages: ["elixir"], needs: ["demo", "test"] },
  { program: "nft", packages: ["nftables"], needs: ["demo", "test"] },
  { program: "ip", packages: ["iproute2"], needs: ["demo", "test"] },
  { program: "unshare", packages: ["util-linux"], needs: ["demo", "test"] },
  { program: "jq", packages: ["jq"], needs: ["demo", "test"] },
  { program: "curl", packages: ["curl"], needs: ["demo", "test"] },
  { program: "hostname", packages: ["hostname"], needs: ["demo", "test"] },
  { program: "haproxy", packages: ["haproxy"], needs: ["demo", "test"] },
  { program: "openssl", packages: ["openssl"], needs: ["demo", "test"] },
  // Its server isn't on the path; this comes with it.
  { program: "pg_ctlcluster", packages: ["postgresql"], needs: ["test"] },
  { program: "dig", packages: ["bind9-dnsutils"], needs: ["test"] },
  { program: "shellcheck", packages: ["shellcheck"], needs: ["test"] },
  { program: "busybox", packages: ["busybox"], needs: ["test"] },
  { program: "chromium", packages: ["chromium", "fonts-dejavu-core"], needs: ["test"] },
];

const purpose = process.argv[2];
if (purpose !== "demo" && purpose !== "test") {
  console.error("usage: node bin/setup.mjs demo|test");
  process.exit(2);
}

const say = (line) => console.log(`set-up: ${line}`);
const has = (program) => spawnSync("sh", ["-c", `command -v ${program}`], { stdio: "ignore" }).status === 0;
const works = (command, ...args) => spawnSync(command, args, { stdio: "ignore" }).status === 0;

/** Runs a command with its output shown; ends the set-up with a message when it fails. */
function must(what, command, args, options = {}) {
  const { status, error } = spawnSync(command, args, {
    cwd: root,
    stdio: ["ignore", "inherit", "inherit"],
    ...options,
  });
  if (status === 0) return;
  console.error(
    `set-up: ${what} failed${error ? ` (${error.message})` : ""}. The command was:\n  ${command} ${args.join(" ")}`,
  );
  process.exit(1);
}

/** The container that has all: src/advice.ts has the same line. */
const inContainer =
  "docker build -t elixir-cluster-lab -f docker/lab/Dockerfile . && " +
  `docker run --rm -it --privileged elixir-cluster-lab npm ${purpose === "test" ? "test" : "run demo"}`;

/** The lab needs Linux. Windows gets no further; macOS runs all but the nodes. */
function checkPlatform() {
  if (process.platform === "linux") return;
  if (process.platform === "win32") {
    console.error(
      "set-up: Windows isn't supported. Use WSL 2: run `wsl --install -d Debian` once, clone this repository inside WSL, " +
        `and run the same command there. Or with Docker:\n  ${inContainer}`,
    );
    process.exit(1);
  }
  const left = {
    demo: "The demo synthesizes, plans, applies to local AWS and reviews. It doesn't start nodes",
    test: "Tests that start nodes fail or are left out",
  };
  say(`the lab needs Linux, and this is ${process.platform}. ${left[purpose]}. To run everything:\n  ${inContainer}`);
}

function checkNode() {
  const major = Number(process.versions.node.split(".")[0]);
  if (major >= 20) return;
  console.error(`set-up: Node ${process.versions.node} is too old: 20 or newer is needed (https://nodejs.org)`);
  process.exit(1);
}

/** Whether what is installed is what the lock file asks for. */
function packagesAreCurrent() {
  try {
    const wanted = JSON.parse(readFileSync(path.join(root, "package-lock.json"), "utf8")).packages;
    const installed = JSON.parse(readFileSync(path.join(root, "node_modules", ".package-lock.json"), "utf8")).packages;
    return Object.entries(wanted).every(
      ([name, entry]) =>
        name === "" || entry.optional || entry.devOptional || installed[name]?.version === entry.version,
    );
  } catch {
    return false;
  }
}

function installPackages() {
  if (packagesAreCurrent()) return;
  say("npm packages (npm ci), about half a minute");
  must("npm ci", "npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"]);
}

function installDebianPackages() {
  const missing = programs.filter(({ program, needs }) => needs.includes(purpose) && !has(program));
  if (missing.length === 0) return;
  const packages = missing.flatMap((entry) => entry.packages);
  const names = missing.map(({ program }) => program).join(", ");
  const asRoot = process.getuid?.() === 0 ? [] : works("sudo", "-n", "true") ? ["sudo", "-n"] : undefined;
  if (!has("apt-get") || asRoot === undefined) {
    say(`not installed: ${names}. What needs them is left out, and says so. On Debian or Ubuntu:`);
    console.log(`  sudo apt-get install --no-install-recommends ${packages.join(" ")}`);
    return;
  }
  say(`Debian packages for ${names}`);
  const environment = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  const apt = (...args) => {
    const [command, ...rest] = [...asRoot, "apt-get", "-qq", ...args];
    // apt tells its life's story on standard output; its errors are what matters.
    must(`apt-get ${args[0]}`, command, rest, { stdio: ["ignore", "ignore", "inherit"], env: environment });
  };
  apt("update");
  apt("install", "-y", "--no-install-recommends", ...packages);
}

/** The pinned requirement is in src/lab/local-aws/python.ts alone. */
function motoRequirement() {
  const source = readFileSync(path.join(root, "src", "lab", "local-aws", "python.ts"), "utf8");
  return /motoRequirement = "([^"]+)"/.exec(source)[1];
}

function installMoto() {
  const probe = ["-c", "import moto.moto_server.werkzeug_app"];
  const own = path.join(virtualEnvironment, "bin", "python");
  if ((existsSync(own) && works(own, ...probe)) || works("python3", ...probe)) return;
  if (!has("python3")) {
    console.error(
      "set-up: Python 3 is needed for local AWS, and there is none. On Debian or Ubuntu:\n  sudo apt-get install python3 python3-venv",
    );
    process.exit(1);
  }
  say(`${motoRequirement()} in .cache/venv`);
  mkdirSync(path.dirname(virtualEnvironment), { recursive: true });
  must("making a virtual environment", "python3", ["-m", "venv", virtualEnvironment]);
  must("installing moto", own, ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", motoRequirement()]);
}

function checkTerraform() {
  if (works("terraform", "version")) return;
  const install = "https://developer.hashicorp.com/terraform/install";
  if (purpose === "test") return say(`Terraform is not on the path: every test that runs it is SKIPPED (${install})`);
  console.error(`set-up: Terraform 1.10 or newer is needed, and it is not on the path: ${install}`);
  process.exit(1);
}

checkPlatform();
checkNode();
checkTerraform();
installPackages();
installDebianPackages();
installMoto();
