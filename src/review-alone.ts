import { reviewCommand } from "./cli/review";
import { printUnexpected } from "./foreign-text";

// The review without the other commands. bin/bundle-review.mjs bundles it.
reviewCommand()
  .parseAsync()
  .catch((error: unknown) => {
    printUnexpected(error, process.env.DEBUG !== undefined);
    process.exitCode = 2;
  });
