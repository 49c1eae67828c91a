// A terminal's colours come and go with the machine (CI has them, a pipe has not); what tests read is plain.
process.env.NO_COLOR = "1";
// The SDK's reminder about Node 20, once for each worker.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = "true";
