IO.puts("libcluster: #{Application.fetch_env!(:libcluster_contract, :libcluster)}")

# LocalEpmd asks epmd, and names nodes after the host of this one.
{_output, 0} = System.cmd("epmd", ["-daemon"])

# It ends a moment before its daemon listens.
Stream.repeatedly(fn -> System.cmd("epmd", ["-names"], stderr_to_stdout: true) end)
|> Enum.find(fn {_names, status} -> status == 0 || Process.sleep(20) != :ok end)

{:ok, _pid} = Node.start(:"contract-#{System.pid()}@127.0.0.1")

# An expected message arrives, late on a busy machine: the limit is for one that never comes.
ExUnit.start(capture_log: true, assert_receive_timeout: 30_000)
