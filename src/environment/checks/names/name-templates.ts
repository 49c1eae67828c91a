import { nameTemplatesOf } from "../../../aws/names";
import type { EnvironmentParts } from "../../schema/schema";

/** The templates of an environment's names, as far as its file is right. @param environment its name */
export const templatesOf = (environment: string, { region = "", names, iam }: EnvironmentParts) =>
  nameTemplatesOf({ environment, region, names, iam });
