defmodule Myapp.Cluster.Peers do
  @moduledoc """
  Records since when each peer has been connected, and logs when one connects or disconnects, with the reason.

  Hidden nodes, such as `bin/myapp remote`, are not peers.

  ## Telemetry

  | event | measurements | metadata |
  |---|---|---|
  | `[:myapp, :cluster, :node_up]` | `peers`: how many there are now | `node` |
  | `[:myapp, :cluster, :node_down]` | `peers`; `duration`: how long it was connected, in native time units | `node`, `reason` |

  The reasons are those of `:net_kernel.monitor_nodes/2`: `:connection_closed` when the peer ended, `:net_tick_timeout`
  when it fell silent for `net_ticktime` seconds, `:disconnect` when one side left.
  See <https://www.erlang.org/doc/man/net_kernel.html#monitor_nodes-2>.
  """

  use GenServer

  require Logger

  @spec start_link(keyword()) :: GenServer.on_start()
  def start_link(_options) do
    GenServer.start_link(__MODULE__, nil, name: __MODULE__)
  end

  @doc """
  The connected peers, each with the time since when it has been connected.
  """
  @spec connected() :: %{node() => DateTime.t()}
  def connected do
    GenServer.call(__MODULE__, :connected)
  end

  @impl true
  def init(nil) do
    :ok = :net_kernel.monitor_nodes(true, [:nodedown_reason, node_type: :visible])

    # A peer may connect while this node boots, before it monitors nodes: report that one too.
    for node <- Node.list(), do: send(self(), {:nodeup, node, []})
    {:ok, %{}}
  end

  @impl true
  def handle_call(:connected, _from, peers) do
    {:reply, Map.new(peers, fn {node, {since, _started}} -> {node, since} end), peers}
  end

  @impl true
  def handle_info({:nodeup, node, _info}, peers) when is_map_key(peers, node),
    do: {:noreply, peers}

  def handle_info({:nodeup, node, _info}, peers) do
    peers = Map.put(peers, node, now())
    Logger.info("node up: #{node} (#{count(peers)})")
    execute(:node_up, %{peers: map_size(peers)}, %{node: node})
    {:noreply, peers}
  end

  def handle_info({:nodedown, node, info}, peers) do
    {{_since, started}, peers} = Map.pop(peers, node, now())
    reason = reason(info)
    Logger.warning("node down: #{node}, #{inspect(reason)} (#{count(peers)})")

    execute(
      :node_down,
      %{peers: map_size(peers), duration: System.monotonic_time() - started},
      %{node: node, reason: reason}
    )

    {:noreply, peers}
  end

  defp now, do: {DateTime.utc_now(), System.monotonic_time()}

  defp count(peers) when map_size(peers) == 1, do: "1 peer"
  defp count(peers), do: "#{map_size(peers)} peers"

  defp reason(info), do: info |> Map.new() |> Map.get(:nodedown_reason, :unknown)

  defp execute(event, measurements, metadata) do
    :telemetry.execute([:myapp, :cluster, event], measurements, metadata)
  end
end
