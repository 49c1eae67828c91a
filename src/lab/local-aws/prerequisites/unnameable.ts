/** Why a thing that is named by its id can't be created in local AWS. */
export const unnameable = (what: string) =>
  new Error(
    `${what} is named by its id, and local AWS gives ids of its own: name it by tags or by name in the environment for local AWS`,
  );
