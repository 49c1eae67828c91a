/** Whether a folder of code is inside the npm package's `dist/`: a checkout runs from `src/` and `.cache/bundles/`. */
export const isPackaged = (folder: string): boolean => /[\\/]dist[\\/](bundles|lib)([\\/]|$)/.test(folder);

/** Whether this process runs the npm package, so that its user has `npx elixir-cluster` and none of this repository's scripts. */
export const installed: boolean = isPackaged(__dirname);

/** The words that start a command for its user. Options of the command follow. */
export const commandWords = (command: string, packaged = installed): readonly string[] =>
  packaged ? ["npx", "elixir-cluster", command] : ["npm", "run", command, "--"];

/** Text with this repository's `npm run <command> --`, as the user of this process types it. */
export const asTyped = (text: string, commands: readonly string[], packaged = installed): string =>
  packaged
    ? text.replace(/\bnpm run ([a-z]+)( --(?= ))?/g, (whole, command: string) =>
        commands.includes(command) ? commandWords(command, true).join(" ") : whole,
      )
    : text;
