defmodule Myapp.Cluster.Departure do
  @moduledoc """
  Leaves the cluster when the application stops, before the children above it in the supervisor's list stop.

  Peers stop sending work to this node at once, not only when its process ends. They still find it in DNS and would
  connect again within a second, so from then on it refuses connections. Hidden nodes, such as a `bin/myapp stop`, keep
  their connection until the end.

  It uses `:global.disconnect/0`, not `Node.disconnect/1` in a loop. Since OTP 25 a node that loses a link reports it to the
  others, and these disconnect *the node that reports* while they still see the lost peer (`prevent_overlapping_partitions`).
  So `Node.disconnect/1` makes the remaining nodes lose each other while this one still runs: six nodes lost 8 to 20 of the
  20 links between the others. `init:stop`, which SIGTERM calls, warns `:global` first (seen in OTP 25.2); stopping only the
  application doesn't. `:global.disconnect/0` coordinates the departure with the other nodes, and they keep their links.
  See <https://www.erlang.org/doc/man/global.html#disconnect-0>.

  OTP 25.0 prevents overlapping partitions too, but doesn't have this function. There the links stay until the node ends.
  Then all of them break at the same moment, and the others keep theirs.
  """

  use GenServer

  require Logger

  # Added in OTP 25.1.
  @compile {:no_warn_undefined, {:global, :disconnect, 0}}

  @typedoc """
  * `:disconnect` - disconnects from all peers and returns them, or `nil` to keep the links until the node ends (default:
    `:global.disconnect/0` where OTP has it)
  """
  @type option :: {:disconnect, (... -> [node()]) | nil}

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
  @spec disconnect() :: (... -> [node()]) | nil
  def disconnect do
    if Code.ensure_loaded?(:global) and function_exported?(:global, :disconnect, 0),
      do: &:global.disconnect/0
  end
end
