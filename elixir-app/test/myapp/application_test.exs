defmodule Myapp.ApplicationTest do
  use ExUnit.Case

  test "discovery starts before HTTP; children stop in reverse order: open requests end, HTTP stops, the cluster is left" do
    started = Myapp.Supervisor |> Supervisor.which_children() |> Enum.map(&elem(&1, 0))

    assert Enum.reverse(started) == [
             Myapp.Cluster.Peers,
             Myapp.Cluster.Departure,
             Cluster.Supervisor,
             DNSCluster,
             Myapp.Cluster.FirstPoll,
             Myapp.Cluster.Metrics,
             Myapp.Http.Open,
             Myapp.Http,
             Myapp.Http.Drainer
           ]
  end

  test "nothing clusters in test" do
    assert Application.fetch_env(:libcluster, :topologies) == :error
    assert Supervisor.which_children(Myapp.ClusterSupervisor) == []
    assert Process.whereis(DNSCluster) == nil
  end

  describe "DNS_CLUSTER_QUERY in production" do
    defp queries(value) do
      System.put_env("DNS_CLUSTER_QUERY", value)
      on_exit(fn -> System.delete_env("DNS_CLUSTER_QUERY") end)
      Config.Reader.read!("config/runtime.exs", env: :prod)[:myapp][:dns_cluster_query]
    end

    test "is a list of names, or pairs where the basename differs" do
      assert queries("shop.org.local") == ["shop.org.local"]

      assert queries("shop.org.local,jobs@jobs.org.local") ==
               ["shop.org.local", {"jobs", "jobs.org.local"}]
    end

    test "may be absent: then DNSCluster does nothing" do
      System.delete_env("DNS_CLUSTER_QUERY")
      config = Config.Reader.read!("config/runtime.exs", env: :prod)
      assert config[:myapp][:dns_cluster_query] == []
    end
  end
end
