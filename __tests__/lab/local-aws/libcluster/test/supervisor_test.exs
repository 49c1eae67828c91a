defmodule Contract.SupervisorTest do
  use ExUnit.Case

  defmodule Strategy do
    def start_link([%{config: [test: test]} = state]) do
      send(test, {:state, state})
      :ignore
    end
  end

  test "is a child with topologies and options, and takes the name" do
    pid = start_supervised!({Cluster.Supervisor, [[], [name: Contract.Named]]})
    assert Process.whereis(Contract.Named) == pid
  end

  test "is a child with topologies alone" do
    assert start_supervised!({Cluster.Supervisor, [[]]}) |> Process.alive?()
  end

  test "starts each topology's strategy with its name, its configuration and the VM's functions" do
    topologies = for name <- [:a, :b], do: {name, [strategy: Strategy, config: [test: self()]]}
    pid = start_supervised!({Cluster.Supervisor, [topologies]})

    for name <- [:a, :b] do
      assert_received {:state, %{topology: ^name} = state}
      assert state.connect == {:net_kernel, :connect_node, []}
      assert state.disconnect == {:erlang, :disconnect_node, []}
      assert state.list_nodes == {:erlang, :nodes, [:connected]}
    end

    assert pid |> Supervisor.which_children() |> Enum.map(&elem(&1, 0)) |> Enum.sort() == [:a, :b]
  end

  test "refuses a topology without a strategy" do
    Process.flag(:trap_exit, true)

    assert {:error, {%KeyError{key: :strategy}, _stack}} =
             Cluster.Supervisor.start_link([[a: [config: []]], []])
  end
end
