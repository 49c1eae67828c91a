defmodule Myapp.Cluster.TopologiesTest do
  use ExUnit.Case

  alias Myapp.Cluster.Topologies

  @nodes "myapp@myapp.organization.local, myapp2@myapp2.organization.local"
  @example "CLUSTER_NODES=myapp@myapp.organization.local,myapp2@myapp2.organization.local"

  defp from(env), do: Topologies.from_env!(Map.merge(%{"CLUSTER_NODES" => @nodes}, env))

  test "one DNSPoll for each entry" do
    assert [
             {:"myapp@myapp.organization.local", first},
             {:"myapp2@myapp2.organization.local", second}
           ] = from(%{})

    assert first[:strategy] == Cluster.Strategy.DNSPoll
    assert first[:config][:query] == "myapp.organization.local"
    assert first[:config][:node_basename] == "myapp"
    assert first[:config][:polling_interval] == 1000
    assert is_function(first[:config][:resolver], 1)
    assert second[:config][:node_basename] == "myapp2"
  end

  test "none without CLUSTER_NODES" do
    assert Topologies.from_env!(%{}) == []
    assert Topologies.from_env!(%{"CLUSTER_NODES" => ""}) == []
  end

  test "the interval is given in milliseconds" do
    [{_name, spec} | _] = from(%{"CLUSTER_POLLING_INTERVAL" => "250"})
    assert spec[:config][:polling_interval] == 250
  end

  test "stock leaves the resolver to libcluster" do
    for {_name, spec} <- from(%{"CLUSTER_RESOLVER" => "stock"}) do
      refute Keyword.has_key?(spec[:config], :resolver)
    end
  end

  test "the resolver knocks at epmd's port, or at the single port" do
    {:ok, socket} = :gen_tcp.listen(0, ip: {127, 0, 0, 1})
    {:ok, port} = :inet.port(socket)
    Myapp.Test.Nameserver.start(%{a: [{127, 0, 0, 1}]})

    for {env, answer} <- [
          {%{"ERL_EPMD_PORT" => "#{port}"}, [{127, 0, 0, 1}]},
          {%{"ERL_EPMD_PORT" => "1"}, []},
          {%{"DISTRIBUTION_MODE" => "single-port", "DISTRIBUTION_PORT_MIN" => "#{port}"},
           [{127, 0, 0, 1}]},
          {%{"DISTRIBUTION_MODE" => "single-port", "DISTRIBUTION_PORT_MIN" => "1"}, []}
        ] do
      [{_name, spec} | _] = from(env)
      assert Task.await(Task.async(fn -> second_poll(spec[:config]) end)) == answer
    end
  end

  # The first poll never looks at DNS.
  defp second_poll(config) do
    config[:resolver].(config[:query])
    config[:resolver].(config[:query])
  end

  for entry <- [
        "myapp",
        "myapp@",
        "@myapp.local",
        "my app@myapp.local",
        "myapp@my app.local",
        "myapp@10.0.0.1",
        "myapp@a@b",
        "myapp@.local",
        "myapp@myapp..local",
        ""
      ] do
    test "refuses the entry #{inspect(entry)} and shows a right one" do
      message =
        "CLUSTER_NODES holds #{inspect(unquote(entry))}, which isn't basename@dns-name. For example: #{@example}"

      assert_raise ArgumentError, message, fn ->
        from(%{"CLUSTER_NODES" => "a@b.local,#{unquote(entry)}"})
      end
    end
  end

  test "refuses an entry given twice" do
    assert_raise ArgumentError,
                 "CLUSTER_NODES names a@b.local twice. For example: #{@example}",
                 fn ->
                   from(%{"CLUSTER_NODES" => "a@b.local,a@b.local"})
                 end
  end

  test "refuses an unknown resolver" do
    assert_raise ArgumentError,
                 ~s(CLUSTER_RESOLVER is "probe"; it must be members or stock. For example: CLUSTER_RESOLVER=members),
                 fn -> from(%{"CLUSTER_RESOLVER" => "probe"}) end
  end

  test "refuses an unknown distribution mode" do
    assert_raise ArgumentError,
                 ~s(DISTRIBUTION_MODE is "tls"; it must be epmd or single-port. For example: DISTRIBUTION_MODE=epmd),
                 fn -> from(%{"DISTRIBUTION_MODE" => "tls"}) end
  end

  for value <- ["1s", "0", "-5", ""] do
    test "refuses the polling interval #{inspect(value)}" do
      message =
        "CLUSTER_POLLING_INTERVAL is #{inspect(unquote(value))}; it must be a whole number above 0. For example: CLUSTER_POLLING_INTERVAL=1000"

      assert_raise ArgumentError, message, fn ->
        from(%{"CLUSTER_POLLING_INTERVAL" => unquote(value)})
      end
    end
  end
end
