// What `npm run mutants` decides: which files it mutates with which tests, and whether enough mutants were killed.

const isIn = (folder, file) => file.startsWith(`${folder}/`);

/** The files of `files` that are in a folder with a threshold, by folder; and the others. */
export function byFolder(files, folders) {
  const folderOf = (file) => Object.keys(folders).find((folder) => isIn(folder, file));
  return {
    inFolders: Object.keys(folders)
      .map((folder) => ({ folder, files: files.filter((file) => folderOf(file) === folder) }))
      .filter(({ files }) => files.length > 0),
    others: files.filter((file) => folderOf(file) === undefined),
  };
}

/** Folders whose mutants run the same tests are one run of Stryker. */
export function runsOf(inFolders, folders) {
  const runs = new Map();
  for (const { folder, files } of inFolders) {
    const tests = folders[folder].tests;
    const run = runs.get(tests.join(" ")) ?? { tests, files: [] };
    run.files.push(...files);
    runs.set(tests.join(" "), run);
  }
  return [...runs.values()];
}

const counted = ["Killed", "Timeout", "Survived", "NoCoverage"];

/**
 * The figures of each folder, from Stryker's results. A mutant that ends in a time-out counts as killed; one that the
 * compiler or loader refuses counts as none.
 */
export function figuresOf(results, inFolders, folders) {
  return inFolders.map(({ folder }) => {
    const statuses = results.filter(({ fileName }) => isIn(folder, fileName)).map(({ status }) => status);
    const [killed, timeouts, survived, notCovered] = counted.map(
      (status) => statuses.filter((each) => each === status).length,
    );
    const mutants = killed + timeouts + survived + notCovered;
    const score = mutants === 0 ? 100 : (100 * (killed + timeouts)) / mutants;
    const { threshold } = folders[folder];
    return { folder, mutants, killed, timeouts, survived, notCovered, score, threshold, enough: score >= threshold };
  });
}

/** Rounded down, so that what is below a threshold never reads as having reached it. */
const percent = (score) => `${(Math.floor(score * 10) / 10).toFixed(1)} %`;

/** One line for each folder. */
export const figureLine = ({ folder, mutants, killed, timeouts, survived, notCovered, score, threshold, enough }) =>
  `${enough ? "ok" : "TOO FEW"}  ${folder}: ${percent(score)} of ${mutants} mutants killed (at least ${threshold} %): ` +
  `${killed} killed, ${timeouts} timed out, ${survived} survived, ${notCovered} not covered by a test`;
