import { knownRegions } from "../../aws/regions";
import { either, oneOf, text } from "./shapes";

/**
 * Commercial, GovCloud, China, ISO and European Sovereign Cloud regions, and those to come.
 * Source: https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-regions.html
 */
const regionForm = text(
  /^[a-z]{2,4}(-gov|-iso[a-z]?|-[a-z]{2})?-(central|(north|south)(east|west)?|east|west)-\d$/,
  'an AWS region such as "eu-west-1"',
  "eu-west-1",
);
/** Editors propose the regions known here; any other of the form is right too. */
export const region = either([oneOf(...knownRegions), regionForm], 'an AWS region such as "eu-west-1"').meta({
  examples: ["eu-west-1"],
});
