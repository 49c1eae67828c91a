import path from "node:path";
import { type Edit, type Step, byHand, edited, present } from "./edit";
import type { MixProject } from "../source/mix-project";
import { closingBracket, codeOnly, onlyMatch } from "../source/elixir-source";

/** The option --tls: a release has an application of OTP only where an application of it needs one. Phoenix needs ssl. */
export function sslApplication({ application, phoenix }: MixProject): Step {
  return {
    what: "OTP's application ssl, which distribution over TLS needs",
    file: path.posix.join(application.folder, "mix.exs"),
    edit: (text) => (phoenix ? present : addSsl(text ?? "")),
  };
}

/** Adds ssl to `extra_applications` in the text of a `mix.exs`. */
export function addSsl(text: string): Edit {
  const code = codeOnly(text);
  const list = onlyMatch(code, /\bextra_applications: \[/);
  const open = list ? list.index + list[0].length - 1 : -1;
  const close = list ? closingBracket(code, open) : -1;
  if (close < 0)
    return byHand(
      "it has no literal list of extra_applications",
      "Add this to application/0",
      "extra_applications: [:ssl]",
    );
  const applications = code.slice(open + 1, close).trimEnd();
  if (/:ssl\b/.test(applications)) return present;
  const end = open + 1 + applications.length;
  return edited(`${text.slice(0, end)}${applications === "" ? "" : ", "}:ssl${text.slice(end)}`);
}
