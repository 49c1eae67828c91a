import { isObject } from "../values";
import { type Problem, quote } from "../problems";

/** Line breaks and tabs are part of a PEM key or a script; every other control character is a slip. */
const controlCharacter = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/;
const controlOrLineBreak = /[\u0000-\u001f\u007f-\u009f]/;
/** The longest text that any field takes: ECS refuses a task definition of more than 64 KiB. Source: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-quotas.html */
const maxLength = 65_536;

/**
 * Texts that no field can take, keys included: control characters, texts that are too long, and `TfToken[`, which CDKTF
 * would replace by one of its own references. Values of `environment` and `buildArgs` may have line breaks.
 */
export function unusableTexts(value: unknown, path: readonly string[] = ["environments"]): Problem[] {
  if (typeof value === "string") return unusable(value, path, takesLineBreaks(path));
  if (Array.isArray(value)) return value.flatMap((item, index) => unusableTexts(item, [...path, String(index)]));
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([key, item]) => {
    const wrong = unusable(key, [...path, shortened(key)], false);
    return wrong.length > 0 ? wrong : unusableTexts(item, [...path, key]);
  });
}

const takesLineBreaks = (path: readonly string[]) => ["environment", "buildArgs"].includes(path.at(-2) ?? "");

function unusable(text: string, path: readonly string[], lineBreaks: boolean): Problem[] {
  const problem = (allowed: string): Problem[] => [{ path, found: quote(text), allowed }];
  if (text.length > maxLength) return problem(`at most ${maxLength} characters`);
  if (text.includes("TfToken[")) return problem('text without "TfToken[", which CDKTF takes for its own reference');
  if ((lineBreaks ? controlCharacter : controlOrLineBreak).test(text)) {
    return problem(
      lineBreaks ? "text without control characters, except line breaks and tabs" : "text without control characters",
    );
  }
  return [];
}

/** A key as part of a path in a message. */
const shortened = (key: string) => quote(key).slice(1, -1);
