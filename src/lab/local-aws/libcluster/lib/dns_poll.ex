defmodule Cluster.Strategy.DNSPoll do
  @moduledoc """
  Connects to `node_basename@ip` for each address that `query` resolves to, and disconnects from those it knew by the
  answer before that are missing from the newest one. The first poll happens inside `init/1`.

  Options: `polling_interval` (ms, default 5000), `query`, `node_basename`, and `resolver`, a function from the query to
  a list of addresses (default: A and AAAA records by `:inet_res`).
  """

  use GenServer

  require Logger

  alias Cluster.Strategy

  def start_link([%Strategy.State{} = state]), do: GenServer.start_link(__MODULE__, state)

  @impl true
  def init(state), do: {:ok, poll(%{state | meta: MapSet.new()})}

  @impl true
  def handle_info(:poll, state), do: {:noreply, poll(state)}
  def handle_info(_other, state), do: {:noreply, state}

  defp poll(%{topology: topology, list_nodes: list_nodes, meta: known} = state) do
    answer = MapSet.new(resolve(state))
    missing = known |> MapSet.difference(answer) |> MapSet.to_list()

    remaining =
      missing
      |> then(&Strategy.disconnect_nodes(topology, state.disconnect, list_nodes, &1))
      |> bad_nodes()

    unreachable =
      answer
      |> MapSet.union(remaining)
      |> MapSet.to_list()
      |> then(&Strategy.connect_nodes(topology, state.connect, list_nodes, &1))
      |> bad_nodes()

    Process.send_after(self(), :poll, Keyword.get(state.config, :polling_interval, 5_000))
    %{state | meta: answer |> MapSet.union(remaining) |> MapSet.difference(unreachable)}
  end

  defp bad_nodes(:ok), do: MapSet.new()
  defp bad_nodes({:error, nodes}), do: MapSet.new(nodes, fn {node, _reason} -> node end)

  defp resolve(%{config: config, topology: topology}) do
    query = config[:query]
    basename = config[:node_basename]

    if is_binary(query) and query != "" and is_binary(basename) and basename != "" do
      resolver = Keyword.get(config, :resolver, &lookup/1)
      for address <- resolver.(query), node = name(basename, address), node != node(), do: node
    else
      Logger.warning("[libcluster:#{topology}] DNSPoll needs query and node_basename")
      []
    end
  end

  defp lookup(query) do
    name = String.to_charlist(query)
    Enum.flat_map([:a, :aaaa], &:inet_res.lookup(name, :in, &1))
  end

  defp name(basename, address), do: :"#{basename}@#{:inet.ntoa(address)}"
end
