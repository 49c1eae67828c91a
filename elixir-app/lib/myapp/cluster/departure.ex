defmodule Myapp.Cluster.Departure do
  @moduledoc """
  Leaves the cluster when the application stops, before the children above it in the supervisor's list stop.

  Peers stop sending work to this node at once rather than when its process ends. They still find it in DNS and would
  dial again within a second, so it lets nobody in from then on. Hidden nodes, such as the `bin/myapp stop` that may
  have caused all this, keep their connection to the end.

  `:global.disconnect/0` closes the links, not `Node.disconnect/1` in a loop. Since OTP 25 a node that loses a link reports
  it to the others, and these disconnect *the reporter* while they still see the peer that it lost
  (`prevent_overlapping_partitions`). So after `Node.disconnect/1` the nodes that stay lose each other while the leaver
  lives on: six nodes lost 8 to 20 of the 20 links between the survivors. `init:stop`, which SIGTERM calls, warns `:global`
  before (seen in OTP 25.2); an application that stops alone has no such help. `:global.disconnect/0` coordinates the
  departure with the other nodes, and no survivor loses another.
  See <https://www.erlang.org/doc/man/global.html#disconnect-0>.

  OTP 25.0 prevents overlapping partitions too, but doesn't have that function yet. There the links stay until the node
  ends, when all of them break at the same moment; that doesn't harm the survivors.
  """

  use GenServer

  require Logger

  # Added in OTP 25.1.
  @compile {:no_warn_undefined, {:global, :disconnect, 0}}

  @typedoc """
  * `:disconnect` - closes the links to all peers and returns them, or `nil` where nothing can do that without harm
    (default: `:global.disconnect/0` where OTP has it)
  """
  @type option :: {:disconnect, (() -> [node()]) | nil}

  @spec start_link([option()]) :: GenServer.on_start()
  def start_link(options) do
    disconnect = Keyword.get_lazy(options, :disconnect, &disconnect/0)
    GenServer.start_link(__MODULE__, disconnect, name: __MODULE__)
  end

  @impl true
  def init(disconnect) do
    Process.flag(:trap_exit, true)
    {:ok, disconnect}
  end

  @impl true
  def terminate(_reason, disconnect) do
    if Node.alive?(), do: leave(disconnect)
  end

  defp leave(disconnect) do
    # The first call to allow/1 turns it into a list of all that may connect.
    :net_kernel.allow([node()])

    case disconnect do
      nil -> Logger.info("leaving the cluster: links stay until this node ends (OTP 25.0)")
      disconnect -> Logger.info("left the cluster: #{length(disconnect.())} disconnected")
    end
  end

  @doc false
  @spec disconnect() :: (() -> [node()]) | nil
  def disconnect do
    if Code.ensure_loaded?(:global) and function_exported?(:global, :disconnect, 0),
      do: &:global.disconnect/0
  end
end
