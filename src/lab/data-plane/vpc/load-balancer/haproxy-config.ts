import type {
  ActionSpec,
  ListenerSpec,
  LoadBalancerSpec,
  RedirectSpec,
  RuleSpec,
  TargetGroupSpec,
} from "../../network/load-balancer";

/** Servers that a backend has room for: targets take them by turns. */
export const maxTargets = 200;

/** Files that the configuration names. */
export interface HaproxyFiles {
  /** Socket of the runtime API. */
  readonly admin: string;
  /** Certificate and key in one file. */
  certificate(listener: ListenerSpec): string;
  /** File with the body of a fixed response. */
  body(text: string): string;
}

/** A server of a backend that has a target. */
export interface Server {
  readonly name: string;
  readonly address: string;
  readonly port: number;
  readonly state: "ready" | "drain";
}

/** A text that HAProxy takes literally: it can contain no single quote. */
const quoted = (text: string): string => `'${text.replaceAll("'", "")}'`;

/** A pattern of a rule as a regular expression: `*` is any number of characters, `?` is one. */
const patternOf = (pattern: string): string =>
  quoted(
    `^${pattern
      .replace(/[\\^$.|+()[\]{}]/g, "\\$&")
      .replaceAll("'", "\\x27")
      .replaceAll("*", ".*")
      .replaceAll("?", ".")}$`,
  );

/**
 * The configuration of HAProxy for a load balancer, as far as it behaves like an Application Load Balancer. Source:
 * https://docs.haproxy.org/2.6/configuration.html
 */
export function haproxyConfiguration(
  { idleTimeoutSeconds: idle, listeners, targetGroups }: LoadBalancerSpec,
  files: HaproxyFiles,
  serversOf: (group: TargetGroupSpec) => readonly Server[],
): string {
  const backend = new Map(targetGroups.map(({ id }, index) => [id, `group_${index}`]));
  const lines = [
    "global",
    `  stats socket ${files.admin} mode 600 level admin`,
    "  nbthread 1",
    "  ssl-default-bind-options ssl-min-ver TLSv1.2",
    "defaults",
    "  mode http",
    "  timeout connect 10s",
    ...["client", "server", "tunnel", "http-keep-alive"].map((name) => `  timeout ${name} ${idle}s`),
    "  timeout http-request 60s",
    // An Application Load Balancer sends a request to one target.
    "  retries 0",
    "  option forwardfor",
    ...listeners.flatMap((listener) => frontend(listener, files, (group) => backend.get(group)!)),
    ...targetGroups.flatMap((group) => backendLines(backend.get(group.id)!, group, serversOf(group))),
  ];
  return `${lines.join("\n")}\n`;
}

function frontend(listener: ListenerSpec, files: HaproxyFiles, backendOf: (group: string) => string): string[] {
  const { port, protocol, rules, defaultAction } = listener;
  const tls = protocol === "HTTPS" ? ` ssl crt ${files.certificate(listener)} alpn h2,http/1.1` : "";
  const all: RuleSpec[] = [...rules, { action: defaultAction }];
  return [
    `frontend listener_${port}`,
    `  bind :${port}${tls}`,
    // On this machine, a browser takes every name below "localhost" for itself: shop.example.com.localhost.
    `  http-request set-var(txn.host) 'req.hdr(host),lower,field(1,:),regsub("\\.localhost$","")'`,
    "  http-request set-header Host %[var(txn.host)] if { req.hdr(host) -m reg -i '\\.localhost(:[0-9]+)?$' }",
    `  http-request set-header Origin '%[req.hdr(origin),regsub("\\.localhost(:[0-9]+)?$","")]' if { req.hdr(origin) -m found }`,
    `  http-request set-var(txn.search) 'query,regsub("^(.)","?\\1")'`,
    `  http-request set-header X-Forwarded-Proto ${protocol.toLowerCase()}`,
    `  http-request set-header X-Forwarded-Port ${port}`,
    ...all.map(
      (rule, index) =>
        `  http-request set-var(txn.rule) int(${index}) if !{ var(txn.rule) -m found }${conditionsOf(rule)}`,
    ),
    ...all
      .map(({ action }, index) => `  ${actionLine(action, files, backendOf)} if { var(txn.rule) -m int ${index} }`)
      // Which backend is chosen, HAProxy decides after all else.
      .sort((a, b) => Number(a.startsWith("  use_backend")) - Number(b.startsWith("  use_backend"))),
  ];
}

const conditionsOf = ({ hosts, paths }: RuleSpec): string =>
  [
    ...(hosts ? [` { var(txn.host) -m reg -i ${hosts.map(patternOf).join(" ")} }`] : []),
    ...(paths ? [` { path -m reg ${paths.map(patternOf).join(" ")} }`] : []),
  ].join("");

function actionLine(action: ActionSpec, files: HaproxyFiles, backendOf: (group: string) => string): string {
  if ("forward" in action) return `use_backend ${backendOf(action.forward)}`;
  if ("redirect" in action) {
    return `http-request redirect code ${action.redirect.status} location ${locationOf(action.redirect)}`;
  }
  const { status, contentType = "text/plain", body } = action.fixedResponse;
  const content = body ? ` content-type ${quoted(contentType)} file ${files.body(body)}` : "";
  return `http-request return status ${status}${content}`;
}

const placeholders: Readonly<Record<string, string>> = {
  "#{protocol}": "%[ssl_fc,iif(https,http)]",
  "#{host}": "%[var(txn.host)]",
  "#{port}": "%[dst_port]",
  "#{path}": '%[path,regsub("^/","")]',
  "#{query}": "%[query]",
  // With its mark, which a request without a query doesn't have.
  "?#{query}": "%[var(txn.search)]",
};

function locationOf({ protocol, host, port, path, query }: RedirectSpec): string {
  const fill = (text: string) => text.replace(/\??#\{\w+\}/g, (name) => placeholders[name] ?? name);
  const search = query === "" ? "" : `?${query}`;
  return quoted(fill(`${protocol.toLowerCase()}://${host}:${port}${path}${search}`));
}

function backendLines(name: string, group: TargetGroupSpec, servers: readonly Server[]): string[] {
  const { protocol, algorithm, stickySeconds } = group;
  const cookie = `  cookie AWSALB insert indirect nocache dynamic maxlife ${stickySeconds}s`;
  const free = Array.from({ length: maxTargets }, (_, index) => `t${index}`).filter(
    (each) => !servers.some((server) => server.name === each),
  );
  return [
    `backend ${name}`,
    `  balance ${algorithm === "round_robin" ? "roundrobin" : "leastconn"}`,
    ...(stickySeconds === undefined ? [] : [cookie, `  dynamic-cookie-key ${name}`]),
    "  http-response set-var(txn.answered) bool(true)",
    // A target that can't be reached: 502 on AWS, where HAProxy says 503.
    "  http-after-response set-status 502 if { status 503 } { nbsrv gt 0 } !{ var(txn.answered) -m bool }",
    ...(protocol === "HTTPS" ? ["  default-server ssl verify none"] : []),
    ...servers.map((server) => `  server ${server.name} ${server.address}:${server.port}`),
    ...free.map((each) => `  server ${each} 0.0.0.0:9 disabled`),
  ];
}
