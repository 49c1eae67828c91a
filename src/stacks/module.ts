export { moduleFiles, writeModule } from "./module/module-files";
export { moduleJson } from "./module/module-json";
export { maxNameLength } from "./module/name-length";
