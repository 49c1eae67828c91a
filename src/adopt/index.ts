export { writeAll, writeTogether } from "./atomic-write";
export { type MixProject, readMixProject } from "./source/mix-project";
export { type AdoptionPlan, isComplete, planAdoption } from "./plan";
export * from "./report";
export { servesHttp } from "./steps/health-check";
export { unifiedDiff } from "./unified-diff";
export { requireCleanTree } from "./source/work-tree";
