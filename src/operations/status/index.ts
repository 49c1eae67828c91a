export { exitCodeOf, statusOf } from "./status";
export { statusReport } from "./status-report";
