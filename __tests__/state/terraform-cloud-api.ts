import { createHash, randomBytes } from "node:crypto";
import { createServer, type Server } from "node:https";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** One state that was stored. */
export interface StateVersion {
  readonly id: string;
  readonly serial: number;
  readonly lineage: string;
  readonly md5: string;
  /** The state file as Terraform uploaded it; `undefined` until it has. */
  state?: string;
  /** Outputs by name, as Terraform describes them next to the state. */
  readonly outputs: Record<string, { sensitive: boolean; value: unknown; type: unknown }>;
}

/** A workspace, and every state that it has had. */
export interface Workspace {
  readonly id: string;
  readonly name: string;
  readonly tags: string[];
  readonly executionMode: "local" | "remote";
  terraformVersion: string;
  locked: boolean;
  readonly states: StateVersion[];
}

/** A refusal in JSON:API's form. */
class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly title: string,
    readonly detail = "",
  ) {
    super(title);
  }
}

type Answer = { data: unknown; meta?: unknown } | Buffer | undefined;
type Route = [method: string, path: RegExp, answer: (match: RegExpExecArray, call: Call) => Answer];
interface Call {
  readonly body: Buffer;
  readonly query: URLSearchParams;
}

/**
 * As much of Terraform Cloud's API as Terraform's `cloud` block needs to keep state in a workspace whose execution mode
 * is local: discovery, entitlements, workspaces by name and tags, locks, and states. What Terraform Cloud refuses is
 * refused here too: calls without the token, states for an unlocked workspace, old serials, contents other than announced.
 * Source: https://developer.hashicorp.com/terraform/cloud-docs/api-docs
 */
export class TerraformCloudApi {
  readonly workspaces: Workspace[] = [];
  /** Calls without an answer here: a test looks at these when Terraform fails. */
  readonly unknown: string[] = [];
  /** How new workspaces run: the organization's default execution mode. */
  defaultExecutionMode: Workspace["executionMode"] = "remote";
  private readonly server: Server;

  constructor(
    readonly organization: string,
    readonly token: string,
    tls: { readonly key: string; readonly cert: string },
  ) {
    this.server = createServer(tls, (request, response) => void this.handle(request, response));
  }

  /** Listens on a free port of loopback. @returns `localhost:<port>`. */
  async listen(): Promise<string> {
    await new Promise<void>((listening) => this.server.listen(0, "127.0.0.1", listening));
    return this.host;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((closed) => this.server.close(closed));
  }

  get host(): string {
    return `localhost:${(this.server.address() as AddressInfo).port}`;
  }

  create(name: string, tags: readonly string[], executionMode = this.defaultExecutionMode): Workspace {
    const id = `ws-${randomBytes(8).toString("hex")}`;
    const workspace = {
      id,
      name,
      tags: [...tags],
      executionMode,
      terraformVersion: "1.0.0",
      locked: false,
      states: [],
    };
    this.workspaces.push(workspace);
    return workspace;
  }

  named(name: string): Workspace {
    const found = this.workspaces.find((workspace) => workspace.name === name);
    if (!found) throw new Refusal(404, "not found");
    return found;
  }

  private withId(id: string): Workspace {
    const found = this.workspaces.find((workspace) => workspace.id === id);
    if (!found) throw new Refusal(404, "not found");
    return found;
  }

  private stateWithId(id: string): StateVersion {
    const found = this.workspaces.flatMap(({ states }) => states).find((state) => state.id === id);
    if (!found) throw new Refusal(404, "not found");
    return found;
  }

  /** A state counts from when its content has arrived. */
  private currentState(workspaceId: string): StateVersion {
    const current = this.withId(workspaceId).states.findLast(({ state }) => state !== undefined);
    if (!current) throw new Refusal(404, "not found");
    return current;
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { pathname, searchParams } = new URL(request.url!, "https://localhost");
    try {
      this.authorize(pathname, request.headers.authorization);
      const call = { body: Buffer.concat(chunks), query: searchParams };
      this.send(response, 200, this.answer(request.method!, pathname, call));
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      const { status, title, detail } = error;
      this.send(response, status, { errors: [{ status: String(status), title, detail }] });
    }
  }

  /** Discovery is public, and the object store's addresses speak for themselves. */
  private authorize(pathname: string, authorization: string | undefined): void {
    if (!pathname.startsWith("/api/") || authorization === `Bearer ${this.token}`) return;
    throw new Refusal(401, "unauthorized");
  }

  private answer(method: string, pathname: string, call: Call): Answer | object {
    for (const [routeMethod, path, answer] of this.routes) {
      const match = method === routeMethod ? path.exec(pathname) : null;
      if (match) return answer(match, call);
    }
    this.unknown.push(`${method} ${pathname}`);
    throw new Refusal(404, "not found");
  }

  private send(response: ServerResponse, status: number, answer: Answer | object): void {
    // Terraform asks for 2.5 at least.
    response.setHeader("TFP-API-Version", "2.6");
    response.setHeader("TFP-AppName", "HCP Terraform");
    if (answer === undefined) return void response.writeHead(status === 200 ? 204 : status).end();
    const ofApi = !Buffer.isBuffer(answer);
    response.setHeader("Content-Type", ofApi ? "application/vnd.api+json" : "application/json");
    response.writeHead(status).end(ofApi ? JSON.stringify(answer) : answer);
  }

  private readonly routes: readonly Route[] = [
    ["GET", /^\/\.well-known\/terraform\.json$/, () => Buffer.from(JSON.stringify({ "tfe.v2": "/api/v2/" }))],
    ["GET", /^\/api\/v2\/ping$/, () => undefined],
    ["GET", /^\/api\/v2\/organizations\/([^/]+)\/entitlement-set$/, ([, name]) => this.entitlements(name!)],
    ["GET", /^\/api\/v2\/organizations\/[^/]+\/workspaces$/, (_, { query }) => this.list(query)],
    ["POST", /^\/api\/v2\/organizations\/[^/]+\/workspaces$/, (_, { body }) => this.make(body)],
    ["GET", /^\/api\/v2\/organizations\/[^/]+\/workspaces\/([^/]+)$/, ([, name]) => asWorkspace(this.named(name!))],
    ["PATCH", /^\/api\/v2\/workspaces\/([^/]+)$/, ([, id], { body }) => this.update(id!, body)],
    ["GET", /^\/api\/v2\/workspaces\/([^/]+)\/tag-bindings$/, ([, id]) => asTagBindings(this.withId(id!))],
    ["PATCH", /^\/api\/v2\/workspaces\/([^/]+)\/tag-bindings$/, ([, id], { body }) => this.tag(id!, body)],
    ["POST", /^\/api\/v2\/workspaces\/([^/]+)\/actions\/lock$/, ([, id]) => this.lock(id!)],
    ["POST", /^\/api\/v2\/workspaces\/([^/]+)\/actions\/(?:force-)?unlock$/, ([, id]) => this.unlock(id!)],
    ["POST", /^\/api\/v2\/workspaces\/([^/]+)\/state-versions$/, ([, id], { body }) => this.announce(id!, body)],
    [
      "GET",
      /^\/api\/v2\/workspaces\/([^/]+)\/current-state-version$/,
      ([, id]) => this.asState(this.currentState(id!)),
    ],
    [
      "GET",
      /^\/api\/v2\/workspaces\/([^/]+)\/current-state-version-outputs$/,
      ([, id]) => asOutputs(this.currentState(id!)),
    ],
    ["GET", /^\/api\/v2\/state-versions\/([^/]+)$/, ([, id]) => this.asState(this.stateWithId(id!))],
    ["GET", /^\/object\/([^/]+)\/state$/, ([, id]) => Buffer.from(this.stateWithId(id!).state!)],
    ["PUT", /^\/object\/([^/]+)\/state$/, ([, id], { body }) => this.store(id!, body)],
    ["PUT", /^\/object\/[^/]+\/json-state$/, () => undefined],
  ];

  private entitlements(organization: string): Answer {
    if (organization !== this.organization) throw new Refusal(404, "not found");
    const attributes = { operations: true, "state-storage": true, "private-module-registry": false };
    return { data: { id: `org-${organization}`, type: "entitlement-sets", attributes } };
  }

  private list(query: URLSearchParams): Answer {
    const wanted = query.get("search[tags]")?.split(",") ?? [];
    const found = this.workspaces.filter(({ tags }) => wanted.every((tag) => tags.includes(tag)));
    const pagination = { "current-page": 1, "total-pages": 1, "total-count": found.length };
    return { data: found.map((workspace) => asWorkspace(workspace).data), meta: { pagination } };
  }

  private make(body: Buffer): Answer {
    const { attributes, relationships } = document<{ name: string }>(body);
    const named = (relation: string) => (relationships?.[relation]?.data ?? []).map(({ attributes: of }) => of);
    const tags = [...named("tags").map(({ name }) => name!), ...named("tag-bindings").map(({ key }) => key!)];
    return asWorkspace(this.create(attributes.name, tags));
  }

  private update(id: string, body: Buffer): Answer {
    const { attributes } = document<{ "terraform-version"?: string }>(body);
    const workspace = this.withId(id);
    workspace.terraformVersion = attributes["terraform-version"] ?? workspace.terraformVersion;
    return asWorkspace(workspace);
  }

  private tag(id: string, body: Buffer): Answer {
    const workspace = this.withId(id);
    const { data } = JSON.parse(body.toString()) as { data: { attributes: { key: string } }[] };
    workspace.tags.push(...data.map(({ attributes }) => attributes.key));
    return asTagBindings(workspace);
  }

  private lock(id: string): Answer {
    const workspace = this.withId(id);
    if (workspace.locked)
      throw new Refusal(409, "conflict", "Unable to lock workspace. The workspace is already locked.");
    workspace.locked = true;
    return asWorkspace(workspace);
  }

  private unlock(id: string): Answer {
    const workspace = this.withId(id);
    if (!workspace.locked) throw new Refusal(409, "conflict", "The workspace is not locked.");
    workspace.locked = false;
    return asWorkspace(workspace);
  }

  /** A new state by its sum and serial; its content comes next, to the address in the answer, or is in the call itself. */
  private announce(id: string, body: Buffer): Answer {
    const workspace = this.withId(id);
    const { attributes } = document<
      Record<"md5" | "lineage" | "state" | "json-state-outputs", string> & { serial: number }
    >(body);
    if (!workspace.locked)
      throw new Refusal(409, "conflict", "The workspace must be locked to create a state version.");
    const latest = workspace.states.at(-1);
    if (latest && (attributes.lineage !== latest.lineage || attributes.serial <= latest.serial)) {
      throw new Refusal(409, "conflict", "The state's lineage or serial does not follow on the current one.");
    }
    const { md5, lineage, serial } = attributes;
    const outputs = JSON.parse(Buffer.from(attributes["json-state-outputs"] ?? "e30=", "base64").toString() || "{}");
    const state: StateVersion = { id: `sv-${randomBytes(8).toString("hex")}`, md5, lineage, serial, outputs };
    workspace.states.push(state);
    if (attributes.state) this.store(state.id, Buffer.from(attributes.state, "base64"));
    return this.asState(state);
  }

  private store(id: string, content: Buffer): undefined {
    const state = this.stateWithId(id);
    if (createHash("md5").update(content).digest("hex") !== state.md5) throw new Refusal(422, "md5 does not match");
    state.state = content.toString();
  }

  private asState({ id, serial, state }: StateVersion) {
    const object = `https://${this.host}/object/${id}`;
    const attributes = {
      serial,
      status: state === undefined ? "pending" : "finalized",
      "created-at": new Date().toISOString(),
      "hosted-state-download-url": `${object}/state`,
      "hosted-state-upload-url": `${object}/state`,
      "hosted-json-state-upload-url": `${object}/json-state`,
      "resources-processed": true,
    };
    return { data: { id, type: "state-versions", attributes } };
  }
}

/** The one resource of a JSON:API document. */
function document<Attributes>(body: Buffer) {
  type Related = { attributes: { name?: string; key?: string } }[];
  const { data } = JSON.parse(body.toString()) as {
    data: { attributes: Attributes; relationships?: Record<string, { data: Related }> };
  };
  return data;
}

function asWorkspace({ id, name, tags, executionMode, terraformVersion, locked }: Workspace) {
  const attributes = {
    name,
    locked,
    "execution-mode": executionMode,
    operations: executionMode !== "local",
    "terraform-version": terraformVersion,
    "tag-names": tags,
    permissions: { "can-lock": true, "can-unlock": true, "can-queue-apply": true, "can-update": true },
  };
  return { data: { id, type: "workspaces", attributes } };
}

function asTagBindings({ tags }: Workspace) {
  return { data: tags.map((key) => ({ id: `tb-${key}`, type: "tag-bindings", attributes: { key, value: "" } })) };
}

function asOutputs({ id, outputs }: StateVersion) {
  const data = Object.entries(outputs).map(([name, { sensitive, value, type }]) => ({
    id: `wsout-${id}-${name}`,
    type: "state-version-outputs",
    attributes: { name, sensitive, value, type: typeof type === "string" ? type : "object", "detailed-type": type },
  }));
  return { data, meta: { pagination: { "current-page": 1, "total-pages": 1, "total-count": data.length } } };
}
