import { parseArn } from "../../../src/aws/arn";
import { type AwsClients, awsClients, type SecretClients } from "../../../src/lab/local-aws/aws-clients";

type Answer = (input: never) => unknown;

/** Clients of AWS that send nothing: a test gives the answer to each command, and reads what was asked. */
export class ScriptedAws {
  readonly clients: AwsClients;
  /** Each command, with the request. */
  readonly sent: { readonly command: string; readonly input: Readonly<Record<string, unknown>> }[] = [];
  readonly #answers: Record<string, Answer>;
  /** Answers of other accounts and Regions, by how their ARNs begin. */
  readonly #owners = new Map<string, Readonly<Record<string, Answer>>>();

  /** @param answers by the command's name, such as `DescribeSubnets`; an answer may throw, as {@link awsError} */
  constructor(answers: Readonly<Record<string, Answer>> = {}, region = "eu-west-1") {
    this.#answers = { ...answers };
    this.clients = awsClients({ endpoint: "http://127.0.0.1:9", region });
    const { ec2, ecs, iam, loadBalancing, logs, route53, s3, scheduler, secretsManager, serviceDiscovery, ssm } =
      this.clients;
    for (const client of [
      ec2,
      ecs,
      iam,
      loadBalancing,
      logs,
      route53,
      s3,
      scheduler,
      secretsManager,
      serviceDiscovery,
      ssm,
    ])
      client.send = async (command: { readonly input: object }) => this.#answer(command);
    this.clients.ownersOf = (arn) => {
      if (!parseArn(arn)) throw new Error(`"${arn}" isn't an ARN.`);
      const send = async (command: { readonly input: object }) => this.#answer(command, arn);
      return { ssm: { ...ssm, send }, secretsManager: { ...secretsManager, send } } as unknown as SecretClients;
    };
  }

  /** Sets other answers from now on. */
  answer(answers: Readonly<Record<string, Answer>>): void {
    Object.assign(this.#answers, answers);
  }

  /** Sets answers of the account and Region of an ARN. */
  answerOwner(arn: string, answers: Readonly<Record<string, Answer>>): void {
    this.#owners.set(ownerOf(arn), answers);
  }

  /** Requests of one command. */
  requests(command: string): Readonly<Record<string, unknown>>[] {
    return this.sent.filter((one) => one.command === command).map(({ input }) => input);
  }

  /** @param ownedBy ARN whose account and Region are asked */
  #answer({ constructor, input }: { readonly input: object }, ownedBy?: string): unknown {
    const command = constructor.name.replace(/Command$/, "");
    this.sent.push({ command, input: input as Record<string, unknown> });
    const answer = this.#owners.get(ownerOf(ownedBy ?? ""))?.[command] ?? this.#answers[command];
    if (!answer) throw new Error(`This test has no answer to ${command}.`);
    return answer(input as never);
  }
}

const ownerOf = (arn: string) => arn.split(":").slice(3, 5).join();

/** An error as AWS answers it. */
export const awsError = (name: string, message = name): Error => Object.assign(new Error(message), { name });

/** Gives all pages of a list, one at each call: the SDK asks for the next one with the token of the last. */
export const pages =
  (token: "NextToken" | "nextToken" | "Marker", ...all: readonly object[]) =>
  (input: Readonly<Record<string, string>>): object => {
    const at = Number(input[token] ?? 0);
    const last = at === all.length - 1;
    if (token === "Marker") return { ...all[at], IsTruncated: !last, ...(!last && { Marker: String(at + 1) }) };
    return { ...all[at], ...(!last && { [token]: String(at + 1) }) };
  };
