import type { AppliedContainer } from "../../../../src/lab/control-plane/applied/task-definitions";

/** An applied container that states nothing of its own but `change`. */
export const container = (name: string, change: Partial<AppliedContainer> = {}): AppliedContainer => ({
  name,
  image: "image",
  essential: true,
  command: ["run"],
  environment: {},
  secrets: [],
  stopTimeoutSeconds: 30,
  dependsOn: [],
  readonlyRootFilesystem: false,
  volumes: [],
  ...change,
});
