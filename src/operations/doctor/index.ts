export { byRpc } from "./ask-by-rpc";
export { overHttp, throughCommand, type Transport } from "./ask-nodes";
export { diagnose, type Diagnosis, exitCodeOf } from "./diagnosis";
export { report } from "./report";
