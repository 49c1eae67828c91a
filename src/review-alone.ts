import { reviewCommand } from "./cli/review";
import { printUnexpected } from "./foreign-text";

// The review without the other commands: what bin/bundle-review.mjs writes.
reviewCommand()
  .parseAsync()
  .catch((error: unknown) => {
    printUnexpected(error, process.env.DEBUG !== undefined);
    process.exitCode = 2;
  });
