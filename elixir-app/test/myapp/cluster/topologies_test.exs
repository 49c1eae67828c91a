defmodule Myapp.Cluster.TopologiesTest do
  use ExUnit.Case

  alias Myapp.Cluster.Topologies

  @nodes "myapp@myapp.organization.local, myapp2@myapp2.organization.local"
  @example "CLUSTER_NODES=myapp@myapp.organization.local,myapp2@myapp2.organization.local"

  defp from(env), do: Topologies.from_env!(Map.merge(%{"CLUSTER_NODES" => @nodes}, env))

  test "one for each entry, with Myapp.Cluster.Strategy" do
    assert from(%{}) == [
             "myapp@myapp.organization.local": [
               strategy: Myapp.Cluster.Strategy,
               config: [
                 query: "myapp.organization.local",
                 node_basename: "myapp",
                 polling_interval: 1000
               ]
             ],
             "myapp2@myapp2.organization.local": [
               strategy: Myapp.Cluster.Strategy,
               config: [
                 query: "myapp2.organization.local",
                 node_basename: "myapp2",
                 polling_interval: 1000
               ]
             ]
           ]
  end

  test "none without CLUSTER_NODES" do
    assert Topologies.from_env!(%{}) == []
    assert Topologies.from_env!(%{"CLUSTER_NODES" => ""}) == []
  end

  test "the interval is given in milliseconds" do
    [{_name, spec} | _] = from(%{"CLUSTER_POLLING_INTERVAL" => "250"})
    assert spec[:config][:polling_interval] == 250
  end

  test "dnspoll is libcluster's own DNSPoll, with the same configuration" do
    for {{name, dnspoll}, {name, dns}} <-
          Enum.zip(
            from(%{"CLUSTER_DISCOVERY" => "dnspoll"}),
            from(%{"CLUSTER_DISCOVERY" => "dns"})
          ) do
      assert dnspoll[:strategy] == Cluster.Strategy.DNSPoll
      assert dnspoll[:config] == dns[:config]
    end
  end

  test "none where libcluster isn't the discovery" do
    assert from(%{"CLUSTER_DISCOVERY" => "dns_cluster"}) == []
    assert from(%{"CLUSTER_DISCOVERY" => "none"}) == []
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
        "CLUSTER_NODES contains #{inspect(unquote(entry))}, which isn't basename@dns-name. For example: #{@example}"

      assert_raise ArgumentError, message, fn ->
        from(%{"CLUSTER_NODES" => "a@b.local,#{unquote(entry)}"})
      end
    end
  end

  test "refuses an entry given twice" do
    assert_raise ArgumentError,
                 "CLUSTER_NODES lists a@b.local twice. For example: #{@example}",
                 fn ->
                   from(%{"CLUSTER_NODES" => "a@b.local,a@b.local"})
                 end
  end

  test "refuses an unknown resolver" do
    assert_raise ArgumentError,
                 ~s(CLUSTER_DISCOVERY is "probe"; it must be dns, dnspoll, dns_cluster or none. For example: CLUSTER_DISCOVERY=dns),
                 fn -> from(%{"CLUSTER_DISCOVERY" => "probe"}) end
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
