# What a full mesh costs by the number of its nodes: one line of JSON a measurement, on standard output.
# See nodes.exs for how to run it. Arguments: numbers of nodes.
Code.require_file("nodes.exs", __DIR__)

defmodule Mesh do
  @idle_ms 20_000
  @joins 5

  def measure(size) do
    nodes = Nodes.each(Enum.to_list(1..(size - 1)), &Nodes.start/1)
    random = fn except -> Enum.random(nodes -- [except]).node end
    connect = fn node, other -> Nodes.call(node.peer, :net_kernel, :connect_node, [other]) end

    # As after a first answer of DNS: each node dials eight others, all at the same time.
    formed =
      Nodes.cost(nodes, fn ->
        Nodes.each(nodes, fn node -> for _ <- 1..8, do: connect.(node, random.(node)) end)
        Nodes.meshed(nodes)
      end)

    print("form", size - 1, formed)

    for _ <- 1..@joins do
      newcomer = Nodes.start(size)

      join = fn ->
        connect.(newcomer, random.(newcomer))
        Nodes.meshed([newcomer | nodes])
      end

      print("join", size, Nodes.cost([newcomer | nodes], join))

      leave = fn ->
        Nodes.stop(newcomer)
        Nodes.healed(nodes)
      end

      print("leave", size, Nodes.cost(nodes, leave))
    end

    nodes = nodes ++ [Nodes.start(size)]
    connect.(List.last(nodes), hd(nodes).node)
    Nodes.meshed(nodes)
    Process.sleep(2_000)
    print("idle", size, Nodes.cost(nodes, fn -> Process.sleep(@idle_ms) end))

    register = fn ->
      :yes = Nodes.call(hd(nodes).peer, :global, :register_name, [:one, hd(nodes).peer])
    end

    print("register", size, Nodes.cost(nodes, register))
    Nodes.print(kind: "memory", nodes: size, mebibytes: Float.round(Nodes.mebibytes(nodes), 1))
    Nodes.each(nodes, &Nodes.stop/1)
  end

  defp print(kind, size, cost),
    do: Nodes.print([kind: kind, nodes: size] ++ Enum.sort(Map.to_list(cost)))
end

for size <- System.argv(), do: Mesh.measure(String.to_integer(size))
