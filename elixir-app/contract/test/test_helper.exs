IO.puts("libcluster: #{Application.fetch_env!(:libcluster_contract, :libcluster)}")

# LocalEpmd asks epmd, and names nodes after the host of this one.
{_output, 0} = System.cmd("epmd", ["-daemon"])
{:ok, _pid} = Node.start(:"contract-#{System.pid()}@127.0.0.1")

Code.require_file("../../lib/myapp/cluster/resolver.ex", __DIR__)

ExUnit.start(capture_log: true)
