export { howToKeep } from "./advice-to-keep";
export { deployRevision } from "./deploy-revision";
export { followDeployment } from "./follow";
export { chosenRevision, rollbackChoices } from "./revisions";
export { revisionTable } from "./rollback-report";
