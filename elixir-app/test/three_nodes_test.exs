defmodule Myapp.ThreeNodesTest do
  @moduledoc """
  What docs/local.md shows: nodes of the development environment, started one after another, find each other by LocalEpmd.
  """

  use ExUnit.Case

  @moduletag timeout: 120_000

  @cookie "three_nodes_#{System.pid()}"

  setup_all do
    {output, status} = mix(["compile"])
    assert status == 0, output

    # Hidden, so that the three don't count this one.
    :ok = Myapp.Test.Epmd.start()

    {:ok, _pid} =
      :net_kernel.start(:"test-#{System.pid()}", %{name_domain: :shortnames, hidden: true})

    Node.set_cookie(String.to_atom(@cookie))
    on_exit(&Node.stop/0)
  end

  test "three nodes see each other, and one calls another" do
    nodes = [a, b, c] = Enum.map(["a", "b", "c"], &start_node/1)

    for node <- nodes do
      assert eventually(fn -> Enum.sort(:erpc.call(node, Node, :list, [])) end, nodes -- [node])
    end

    # From a to b, as one types it in a's terminal.
    assert :erpc.call(a, :erpc, :call, [b, Node, :self, []]) == b

    view = :erpc.call(c, Myapp.Cluster, :view, [])
    assert view.members == nodes
    assert [%{node: ^a, connected_since: %DateTime{}}, %{node: ^b}] = view.peers

    # Peers that were connected before anybody watched, as when they dial a node that boots.
    child = [Myapp.Supervisor, Myapp.Cluster.Peers]
    :ok = :erpc.call(a, Supervisor, :terminate_child, child)
    forget_output()
    {:ok, _pid} = :erpc.call(a, Supervisor, :restart_child, child)
    assert eventually(fn -> Enum.map([b, c], &(output() =~ "node up: #{&1} (")) end, [true, true])

    :erpc.call(b, System, :stop, [])
    assert eventually(fn -> :erpc.call(a, Node, :list, []) end, [c])
  end

  defp start_node(letter) do
    name = "#{letter}#{System.pid()}"

    port =
      Port.open({:spawn_executable, System.find_executable("elixir")}, [
        :binary,
        :stderr_to_stdout,
        args: ["--sname", name, "--cookie", @cookie, "-S", "mix", "run", "--no-halt"],
        env: [{~c"MIX_ENV", ~c"dev"}, {~c"PORT", Integer.to_charlist(free_port())}]
      ])

    {:os_pid, pid} = Port.info(port, :os_pid)
    on_exit(fn -> System.cmd("kill", ["#{pid}"], stderr_to_stdout: true) end)

    [_name, host] = node() |> Atom.to_string() |> String.split("@")
    node = :"#{name}@#{host}"

    assert eventually(fn -> running?(node) end, true)
    node
  end

  # What the nodes have written since.
  defp output do
    receive do
      {_port, {:data, text}} ->
        Process.put(:output, Process.get(:output, "") <> text)
        output()
    after
      0 -> Process.get(:output, "")
    end
  end

  defp forget_output do
    receive do
      {_port, {:data, _text}} -> forget_output()
    after
      100 -> Process.delete(:output)
    end
  end

  defp running?(node) do
    Node.connect(node) == true and
      List.keymember?(:erpc.call(node, Application, :started_applications, []), :myapp, 0)
  end

  defp eventually(fun, expected, attempts \\ 300) do
    cond do
      fun.() == expected -> true
      attempts == 0 -> flunk("#{inspect(fun.())} is not #{inspect(expected)}")
      true -> Process.sleep(100) && eventually(fun, expected, attempts - 1)
    end
  end

  defp mix(arguments) do
    System.cmd("mix", arguments, env: [{"MIX_ENV", "dev"}], stderr_to_stdout: true)
  end

  defp free_port do
    {:ok, socket} = :gen_tcp.listen(0, [])
    {:ok, port} = :inet.port(socket)
    :ok = :gen_tcp.close(socket)
    port
  end
end
