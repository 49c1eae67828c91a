defmodule Myapp.Cluster.Departure do
  @moduledoc """
  Leaves the cluster when the application stops, before what stands above it in the supervisor's list of children stops.

  Peers stop sending work to this node at once rather than when its process ends. They still find it in DNS and would
  dial again within a second, so it lets nobody in from then on. Hidden nodes, such as the `bin/myapp stop` that may
  have caused all this, keep their connection to the end.
  """

  use GenServer

  require Logger

  @spec start_link(keyword()) :: GenServer.on_start()
  def start_link(_options) do
    GenServer.start_link(__MODULE__, nil, name: __MODULE__)
  end

  @impl true
  def init(nil) do
    Process.flag(:trap_exit, true)
    {:ok, nil}
  end

  @impl true
  def terminate(_reason, nil) do
    if Node.alive?(), do: leave(Node.list())
  end

  defp leave(peers) do
    # The first call to allow/1 turns it into a list of all that may connect.
    :net_kernel.allow([node()])
    Enum.each(peers, &Node.disconnect/1)
    Logger.info("left the cluster: #{length(peers)} disconnected")
  end
end
