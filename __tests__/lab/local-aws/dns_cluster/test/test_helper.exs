version = Application.spec(:dns_cluster, :vsn)
IO.puts("dns_cluster #{version}: #{Application.fetch_env!(:dns_cluster_contract, :dns_cluster)}")

# Before 0.2 a query was one name. Tests tagged for another version don't run.
{own, other} =
  if Version.match?(to_string(version), ">= 0.2.0"),
    do: {:several_queries, :one_query},
    else: {:one_query, :several_queries}

# Nodes are named after addresses.
{_output, 0} = System.cmd("epmd", ["-daemon"])

# It ends a moment before its daemon listens.
Stream.repeatedly(fn -> System.cmd("epmd", ["-names"], stderr_to_stdout: true) end)
|> Enum.find(fn {_names, status} -> status == 0 || Process.sleep(20) != :ok end)

{:ok, _pid} = Node.start(:"contract-#{System.pid()}@127.0.0.1")

# An expected message arrives, late on a busy machine: the limit is for one that never comes.
ExUnit.start(
  capture_log: true,
  assert_receive_timeout: 30_000,
  include: [own],
  exclude: [other]
)
