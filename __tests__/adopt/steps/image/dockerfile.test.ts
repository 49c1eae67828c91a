import { addTools } from "../../../../src/adopt/steps/image/image-tools";
import { readMixProject } from "../../../../src/adopt";
import type { Edit } from "../../../../src/adopt/steps/edit";
import { Project } from "../../project";

function outcome(edit: Edit | undefined): string {
  if (edit?.kind === "by-hand") return `by hand: ${edit.why}${edit.lines === undefined ? "" : `\n${edit.lines}`}`;
  return edit?.kind === "edited" ? edit.text : "present";
}

describe("curl and jq in the image", () => {
  it.each([
    ["RUN apk add --no-cache curl jq"],
    ["RUN set -ex; apt-get -y install curl=7.88.1 jq"],
    ['RUN ["apk", "add", "curl", "jq"]'],
    ["RUN apk add git curl jq && make && apk del git"],
    ["RUN apk add --virtual .build gcc && make && apk del .build && apk add jq curl"],
    ["RUN curl -fsSL https://example.com/jq -o jq\nCOPY --from=tools /usr/bin/jq /usr/local/bin/"],
    ["RUN apk add curl \\\n  # and another\n  jq"],
  ])("are there: %s", (run) => {
    expect(outcome(addTools(`FROM alpine\n${run}\nCMD ["a"]\n`))).toBe("present");
  });

  it.each([
    [
      "removed again, before the last installation",
      "RUN apk add curl && curl x && apk del curl && apk add jq",
      "RUN apk add curl && curl x && apk del curl && apk add curl jq",
    ],
    [
      "removed by a later RUN",
      "RUN apt-get install -y curl jq\nRUN apt-get purge -y curl && apt-get install -y -t stable git",
      "RUN apt-get install -y curl jq\nRUN apt-get purge -y curl && apt-get install -y -t stable curl git",
    ],
    [
      "removed with its group",
      "RUN apk add --virtual .fetch curl && apk del .fetch && apk add --no-cache jq",
      "RUN apk add --virtual .fetch curl && apk del .fetch && apk add --no-cache curl jq",
    ],
    ["only spoken of", "RUN apk add jq && echo curl", "RUN apk add curl jq && echo curl"],
    [
      "called like a part of another",
      "RUN apt-get install -y libcurl4 \\\n  --no-install-recommends jq",
      "RUN apt-get install -y curl libcurl4 \\\n  --no-install-recommends jq",
    ],
  ])("are added where one is %s", (_, run, expected) => {
    const text = outcome(addTools(`FROM alpine\n${run}\nCMD ["a"]\n`));
    expect(text).toBe(`FROM alpine\n${expected}\nCMD ["a"]\n`);
    expect(outcome(addTools(text))).toBe("present");
  });

  it("are left by hand where they are removed last", () => {
    expect(outcome(addTools('FROM alpine:3.20\nRUN apk add curl jq && apk del curl\nCMD ["a"]\n'))).toBe(
      "by hand: its last stage removes curl again\nRUN apk add --no-cache curl",
    );
  });

  it("are installed by the image's own package manager", () => {
    expect(outcome(addTools('ARG RUNNER="alpine:3.20"\nFROM ${RUNNER}\nCMD ["a"]\n'))).toContain("\nRUN apk add");
    expect(outcome(addTools('FROM debian\nCMD ["a"]\n'))).toContain("\nRUN apt-get update");
  });
});

describe("an image of Phoenix that starts no server", () => {
  const advised = (command: string, script: string) => {
    const project = Project.fixture("phoenix-1.7");
    project.write("Dockerfile", project.read("Dockerfile").replace(/^CMD .*$/m, command));
    project.write("rel/overlays/run.sh", script);
    return project.plan().advice.some((line) => line.startsWith("The Dockerfile starts no server"));
  };

  it.each([
    ['CMD ["/app/bin/shop", "start"]', "", true],
    ['CMD ["/app/bin/server"]', "", false],
    ['CMD ["sh", "run.sh"]', "exec bin/shop start\n", true],
    ['CMD ["sh", "run.sh"]', "exec bin/server\n", false],
    ["CMD /app/run.sh", "#!/bin/sh\nPHX_SERVER=true exec bin/shop start\n", false],
  ])("is named: %s with %j: %s", (command, script, expected) => {
    expect(advised(command, script)).toBe(expected);
  });
});

describe("the image's command", () => {
  const found = (command: string, files: Record<string, string> = {}) => {
    const project = Project.fixture("plain-sup");
    project.write("Dockerfile", `FROM debian\nCOPY scripts/run.sh /app/\n${command}\n`);
    for (const [file, text] of Object.entries(files)) project.write(file, text);
    const { findings } = project.plan();
    return outcome(findings.find(({ step }) => step.what === "a command that gets SIGTERM")?.edit);
  };

  const right: [string, Record<string, string>?][] = [
    ['CMD ["/app/bin/ledger", "start"]'],
    ["CMD exec /app/bin/ledger start"],
    ['CMD ["sh", "-c", "/app/bin/migrate && exec /app/bin/ledger start"]'],
    ['ENTRYPOINT ["/tini", "--"]\nCMD ["/app/bin/ledger", "start"]'],
    ['ENTRYPOINT ["dumb-init", "--"]\nCMD ["sh", "run.sh"]'],
    ['CMD ["sh", "run.sh"]', { "scripts/run.sh": "bin/migrate\nexec bin/ledger start\n" }],
    ['CMD ["/app/run.sh"]', { "scripts/run.sh": "#!/bin/sh\nif true; then\n  A=b exec bin/ledger start\nfi\n" }],
    ['CMD ["/app/bin/server"]', { "rel/overlays/bin/server": "#!/bin/sh\nPHX_SERVER=true exec ./ledger start\n" }],
    ['ENTRYPOINT ["/app/run.sh"]\nCMD ["bin/ledger", "start"]', { "scripts/run.sh": '#!/bin/sh\nexec "$@"\n' }],
  ];
  it.each(right.map(([command, files = {}]) => [command, files] as const))("is right: %s", (command, files) => {
    expect(found(command, files)).toBe("present");
  });

  const lost = "SIGTERM reaches a shell that doesn't forward it";
  const wrong: [string, string, Record<string, string>?][] = [
    ["CMD /app/bin/ledger start", `CMD is in shell form, so ${lost}\nCMD ["/app/bin/ledger", "start"]`],
    [
      "CMD /app/bin/migrate && /app/bin/server",
      `CMD is in shell form, so ${lost}\nCMD ["sh", "-c", "/app/bin/migrate && exec /app/bin/server"]`,
    ],
    [
      'CMD ["sh", "-c", "/app/bin/migrate && /app/bin/server"]',
      `CMD runs sh -c without exec: ${lost}\nCMD ["sh", "-c", "/app/bin/migrate && exec /app/bin/server"]`,
    ],
    [
      'CMD ["/bin/bash", "-lc", "bin/server"]',
      `CMD runs bash -c without exec: ${lost}\nCMD ["bash", "-c", "exec bin/server"]`,
    ],
    ['CMD ["sh", "run.sh"]', "sh runs run.sh, which isn't in the project"],
    [
      'CMD ["sh", "run.sh"]',
      `run.sh, which CMD runs, has no exec: ${lost}`,
      { "scripts/run.sh": "# exec bin/ledger start\nexec 2>&1\nbin/ledger start\n" },
    ],
    [
      'ENTRYPOINT ["/tini", "--"]\nCMD ["/app/run.sh"]',
      `/app/run.sh, which CMD runs, has no exec: ${lost}`,
      { "scripts/run.sh": "#!/usr/bin/env bash\nbin/ledger start\n" },
    ],
    [
      'CMD ["/app/bin/server"]',
      `/app/bin/server, which CMD runs, has no exec: ${lost}`,
      { "rel/overlays/bin/server": "#!/bin/sh\nPHX_SERVER=true ./ledger start\n" },
    ],
    [
      'ENTRYPOINT ["/app/run.sh"]\nCMD ["sh", "-c", "bin/ledger start"]',
      `CMD runs sh -c without exec: ${lost}\nCMD ["sh", "-c", "exec bin/ledger start"]`,
      { "scripts/run.sh": '#!/bin/sh\nexec "$@"\n' },
    ],
  ];
  it.each(wrong.map(([command, why, files = {}]) => [command, why, files] as const))(
    "is left by hand: %s",
    (command, why, files) => {
      expect(found(command, files)).toBe(`by hand: ${why}`);
    },
  );
});

describe("a volume for /tmp", () => {
  const volume = (dockerfile: string) => {
    const project = Project.fixture("plain-sup");
    project.write("Dockerfile", dockerfile);
    project.adopt();
    return project.read("Dockerfile");
  };

  it.each(["VOLUME /tmp", 'VOLUME ["/data", "/tmp"]', "VOLUME /data /tmp/"])("is there: %s", (line) => {
    expect(volume(`FROM debian\n${line}\nCMD ["a"]\n`).match(/VOLUME/g)).toHaveLength(1);
  });

  it.each(["# VOLUME /tmp", "VOLUME /tmp/cache", "VOLUME /var/tmp"])("isn't there: %s", (line) => {
    expect(volume(`FROM debian\n${line}\nCMD ["a"]\n`)).toMatch(/\nVOLUME \/tmp\n\n(# VOLUME \/tmp\n)?CMD/);
  });

  it("comes before the comment on the command, not between them", () => {
    expect(volume('FROM debian\n\n# The server,\n# and nothing else.\nCMD ["a"]\n')).toMatch(
      /VOLUME \/tmp\n\n# The server,\n# and nothing else.\nCMD \["a"\]\n$/,
    );
  });
});

describe("--dockerfile", () => {
  const project = Project.fixture("phoenix-1.7");
  project.write("ops/Dockerfile", project.read("Dockerfile"));
  project.write("Dockerfile", "FROM scratch\n");

  it("names the one that is adopted", () => {
    const files = readMixProject(project.root, { dockerfile: "./ops/Dockerfile" });
    expect(files.dockerfile).toBe("ops/Dockerfile");
    expect(project.plan({ dockerfile: "ops/Dockerfile" }).changes.map(({ file }) => file)).toContain("ops/Dockerfile");
    expect(project.plan({ dockerfile: "ops/Dockerfile" }).changes.map(({ file }) => file)).not.toContain("Dockerfile");
  });

  it("is refused where there is none", () => {
    expect(() => project.plan({ dockerfile: "docker/Dockerfile" })).toThrow(
      `There is no docker/Dockerfile in ${project.root}. --dockerfile takes a path inside the project: ops/Dockerfile.`,
    );
  });

  it("is advised where the only one has another place", () => {
    const elsewhere = Project.fixture("plain-sup");
    elsewhere.write("docker/prod.Dockerfile", "FROM scratch\n");
    expect(elsewhere.plan().advice).toContain(
      "There is no Dockerfile here. If the image is built from docker/prod.Dockerfile, run adopt again with --dockerfile docker/prod.Dockerfile.",
    );
  });
});
