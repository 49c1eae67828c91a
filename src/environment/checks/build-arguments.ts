import { looksSecret } from "../../secret-values";
import { isObject, type Json, within } from "../entries";
import type { Problem } from "../problems";
import type { Place } from "./service-consistency";

/**
 * Refuses secrets in build arguments: these stay in the image's history, where everyone reads them who can pull it, and in
 * plan and state. The message never shows the value.
 * Source: https://docs.docker.com/build/building/secrets/
 */
export function secretBuildArguments({ path }: Place, { image }: Json): Problem[] {
  const given = within(image, "build", "buildArgs");
  return Object.entries(isObject(given) ? given : {}).flatMap(([name, value]): Problem[] => {
    const because = typeof value === "string" ? looksSecret(name, value) : undefined;
    if (because === undefined) return [];
    return [
      {
        path: [...path, "image", "build", "buildArgs", name],
        found: `the argument ${name}, and ${because}`,
        allowed:
          "arguments that may be read by anyone: they stay in the image's history, in the plan and in the state. Build such an image " +
          `in your pipeline with docker build --secret id=${name} and hand it over by image.variable or image.uri`,
      },
    ];
  });
}
