import { advice } from "../advice";

/** The parts of an SDK error that show what happened. Source: https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html */
interface SdkError extends Error {
  readonly code?: string;
  readonly $metadata?: { readonly httpStatusCode?: number; readonly attempts?: number };
}

const denied = /^(AccessDenied|AccessDeniedException|UnauthorizedOperation|NotAuthorized)/;
const throttled = /Throttl|TooManyRequests|RequestLimitExceeded|SlowDown|LimitExceededException/;
const noCredentials = /^(CredentialsProviderError|CredentialsError)$/;
const badCredentials =
  /ExpiredToken|InvalidClientTokenId|UnrecognizedClient|InvalidSignature|SignatureDoesNotMatch|AuthFailure/;
const unreachable = /^(ENOTFOUND|ECONNREFUSED|ECONNRESET|ETIMEDOUT|EAI_AGAIN|TimeoutError)$/;

/** An error of the SDK in a sentence, with what to do; `undefined` for any other error. */
export function awsFailure(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const { name, message, code, $metadata } = error as SdkError;
  if (noCredentials.test(name)) {
    return `No AWS credentials were found. Sign in (${advice.signIn()}, or ${advice.configureCredentials()}), or set AWS_PROFILE.`;
  }
  if (unreachable.test(code ?? name)) return `AWS can't be reached: ${message}. Check the network, and the region.`;
  if (denied.test(name))
    return `AWS refused: ${sentence(message)} Ask for that permission, or use another AWS_PROFILE.`;
  if (badCredentials.test(name)) return `AWS rejects these credentials: ${sentence(message)} Sign in again.`;
  if (throttled.test(name)) {
    return `AWS throttles requests: ${sentence(message)} The command tried ${$metadata?.attempts ?? 1} times. Try again in a minute.`;
  }
  return $metadata ? `AWS answered ${name}: ${sentence(message)}` : undefined;
}

const sentence = (text: string) => (/[.!?]$/.test(text) ? text : `${text}.`);
