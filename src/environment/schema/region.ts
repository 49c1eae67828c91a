import { z } from "zod";
import { knownRegions } from "../../aws/regions";
import { allowing, either, oneOf } from "./shapes";

const allowed = 'an AWS region such as "eu-west-1"';

/**
 * Commercial, GovCloud, China, ISO and European Sovereign Cloud regions, and those to come.
 * Source: https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-regions.html
 */
const form = z.string({ error: allowed }).regex(
  /^[a-z]{2,4}(-gov|-iso[a-z]?|-[a-z]{2})?-(central|(north|south)(east|west)?|east|west)-\d$/,
  // With abort, the known regions are in the error as well, so that one of them can be suggested.
  { error: allowed, abort: true },
);
/** Editors propose the regions known here; any other of the form is right too. */
export const region = either(
  [oneOf(...knownRegions), allowing(form, allowed).meta({ examples: ["eu-west-1"] })],
  allowed,
).meta({
  examples: ["eu-west-1"],
});
