/**
 * The command that opens an IEx in a running node, in its container's working folder, as ECS Exec runs it.
 * Source: https://hexdocs.pm/mix/Mix.Tasks.Release.html#module-bin-release_name-commands (`remote`)
 */
export const remoteShell = (releaseName: string): string => `bin/${releaseName} remote`;
