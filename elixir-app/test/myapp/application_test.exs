defmodule Myapp.ApplicationTest do
  use ExUnit.Case

  test "children stop in reverse order: open requests end, then the cluster is left, then HTTP stops" do
    started = Myapp.Supervisor |> Supervisor.which_children() |> Enum.map(&elem(&1, 0))

    assert Enum.reverse(started) == [
             Myapp.Http.Open,
             Myapp.Http,
             Myapp.Cluster.Peers,
             Myapp.Cluster.Departure,
             Myapp.Http.Drainer
           ]
  end

  test "nothing clusters in test" do
    assert Application.fetch_env(:libcluster, :topologies) == :error
    refute List.keymember?(Supervisor.which_children(Myapp.Supervisor), Cluster.Supervisor, 0)
  end
end
