import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer, type Server } from "node:net";
import path from "node:path";
import { execa } from "execa";
import { projectRoot } from "../../../src/project-root";
import { scratchFolder } from "../../scratch";
import { describeWithTerraform } from "../../terraform-here";
import { describeWith } from "../../tool-here";
import { describeWithPostgres } from "../database/postgres-here";

const layouts = path.join("__tests__", "fixtures", "lab");
/** By its service's name, as the only one: which address it gets is chance. */
const task = "chat";

/** Connects, sends a message and gives the answer's first bytes; Elixir on one line, for `rpc`. */
const ask = (host: string, port: number, message: string, timeoutMs = 5000) =>
  `rpc ${task} with {:ok, s} <- :gen_tcp.connect(~c"${host}", ${port}, [:binary, active: false], ${timeoutMs}), ` +
  `:ok <- :gen_tcp.send(s, ${message}), {:ok, answer} <- :gen_tcp.recv(s, 0, 5000), do: answer`;

/** PostgreSQL's first message. Source: https://www.postgresql.org/docs/current/protocol-message-formats.html */
const startup = '(p = "user\\0chat\\0database\\0chat_prod\\0\\0"; <<byte_size(p) + 8::32, 196608::32, p::binary>>)';

// `npm run test:up`. That every process has ended is checked after the file, as after each.
describeWith("mix")("lab up with all options of a run", () => {
  describeWithPostgres("from the command line, with the prompt on a pipe", () => {
    describeWithTerraform("after terraform apply", () => {
      let server: Server;
      beforeAll(async () => {
        server = createServer((socket) => socket.on("data", (text) => socket.end(`server got ${String(text)}`)));
        await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      });
      afterAll(() => new Promise((resolve) => server.close(resolve)));

      it("has the server beyond the VPC, the variables, the secret and the database, and ends all", async () => {
        // GIVEN a TCP server of this machine, a secret in the shell, and a database that an RDS endpoint names
        const folder = scratchFolder("up");
        const html = path.join(folder, "timeline.html");
        const variables = path.join(folder, "one.tfvars");
        writeFileSync(variables, "tasks = 1\n");
        const { port } = server.address() as AddressInfo;
        const secret = "a-cookie-that-nobody-sees";
        const md5 = createHash("md5").update(secret).digest("hex").toUpperCase();
        const url = "ecto://chat:any@chat.abc123.eu-west-1.rds.amazonaws.com/chat_prod";
        const options = [
          ...["--dir", path.join(layouts, "hcl"), "--dir", path.join(layouts, "hcl-database"), "--html", html],
          ...["--var-file", variables],
          ...["--reach", `api.internal:8443=127.0.0.1:${port}`, "--reach", `plain.internal:80=127.0.0.1:${port}`],
          ...["--env", `chat.DATABASE_URL=${url}`, "--secret", "RELEASE_COOKIE", "--postgres"],
        ];
        // WHEN it runs with these commands
        const commands = [
          "wait",
          `rpc ${task} System.get_env("DATABASE_URL")`,
          `rpc ${task} for c <- [System.get_env("RELEASE_COOKIE"), "#{Node.get_cookie()}"], do: Base.encode16(:erlang.md5(c))`,
          ask("api.internal", 8443, '"hello"'),
          `rpc ${task} :inet.gethostbyname(~c"other.internal")`,
          ask("plain.internal", 80, '"hello"', 1000),
          "psql select current_database()",
          ask("chat.abc123.eu-west-1.rds.amazonaws.com", 5432, startup),
          "denied",
        ];
        const { all, exitCode } = await execa("node", ["bin/run.mjs", "src/cli.ts", "lab", "up", ...options], {
          cwd: projectRoot,
          env: { RELEASE_COOKIE: secret },
          input: `${commands.join("\n")}\n`,
          all: true,
          reject: false,
        });
        const answers = all.split(/^lab> .*\n/m).slice(1);
        expect(answers).toHaveLength(commands.length);
        const [wait, variable, cookie, api, other, plain, psql, database, denied] = answers;
        // THEN the node runs with the given cookie, which is printed nowhere
        expect(wait).toContain("1 node");
        expect(variable).toBe(`"${url}"\n`);
        expect(cookie).toBe(`["${md5}", "${md5}"]\n`);
        expect(all).not.toContain(secret);
        expect(readFileSync(html, "utf8")).not.toContain(secret);
        // AND the node reaches the server that was named, at the port that its group lets out, and no other name
        expect(api).toBe('"server got hello"\n');
        expect(other).toBe("{:error, :nxdomain}\n");
        expect(plain).toBe("{:error, :timeout}\n");
        expect(denied).toMatch(/chat 172\.31\.\d+\.\d+ +203\.0\.113\.11 +tcp 80 +the sender's \(egress\)/);
        // AND the database, which accepts its user
        expect(psql).toContain("chat_prod");
        expect(database).toMatch(/^<<82, 0, 0, 0, 8, 0, 0, 0, 0, /);
        // AND no command failed, and what was applied is destroyed
        expect(exitCode).toBe(0);
        expect(all).toMatch(/terraform destroy \([\d.]+ s\)\nTimeline: .*$/);
      });
    });
  });
});
