import { synthesizeFile } from "./src/stacks/app/synthesize-file";

// One stack for each environment of environments.json; another file through `ENVIRONMENTS_FILE`.
synthesizeFile();
