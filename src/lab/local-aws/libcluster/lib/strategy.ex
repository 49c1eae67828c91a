defmodule Cluster.Strategy do
  @moduledoc """
  Connects and disconnects nodes, one after another, with a log line and a telemetry event for each:
  `[:libcluster, :connect_node | :disconnect_node, :ok | :error]`.
  """

  require Logger

  defmodule State do
    @moduledoc false
    defstruct [:topology, :connect, :disconnect, :list_nodes, :meta, config: []]
    @type t :: %__MODULE__{}
  end

  defmacro __using__(_options) do
    quote do
      @behaviour Cluster.Strategy

      @impl true
      def child_spec(arguments) do
        %{id: __MODULE__, type: :worker, start: {__MODULE__, :start_link, [arguments]}}
      end

      defoverridable child_spec: 1
    end
  end

  @callback child_spec([State.t()]) :: Supervisor.child_spec()
  @callback start_link([State.t()]) :: {:ok, pid()} | :ignore | {:error, term()}

  @type bad_nodes :: [{node(), term()}]

  @doc """
  Connects to those of `nodes` that aren't connected. `:ok`, or those that couldn't be, with the reason.
  """
  @spec connect_nodes(atom(), mfa, mfa, [node()]) :: :ok | {:error, bad_nodes()}
        when mfa: {module(), atom(), list()}
  def connect_nodes(topology, connect, list_nodes, nodes) do
    nodes = MapSet.difference(MapSet.new(nodes), connected(list_nodes))

    each(nodes, fn node ->
      started = System.monotonic_time()

      case call(connect, [node]) do
        true ->
          done(:connect_node, topology, node, started, "connected to")

        refused when refused in [false, :ignored] ->
          reason = if refused == :ignored, do: :not_part_of_network, else: :unreachable
          failed(:connect_node, topology, node, reason, "unable to connect to")
          {:bad, refused}
      end
    end)
  end

  @doc """
  Disconnects from those of `nodes` that are connected. `:ok`, or those that couldn't be, with the reason.
  """
  @spec disconnect_nodes(atom(), mfa, mfa, [node()]) :: :ok | {:error, bad_nodes()}
        when mfa: {module(), atom(), list()}
  def disconnect_nodes(topology, disconnect, list_nodes, nodes) do
    nodes = MapSet.intersection(MapSet.new(nodes), connected(list_nodes))

    each(nodes, fn node ->
      started = System.monotonic_time()

      case call(disconnect, [node]) do
        true ->
          done(:disconnect_node, topology, node, started, "disconnected from")

        false ->
          failed(:disconnect_node, topology, node, :already_disconnected, "can't disconnect from")

        :ignored ->
          failed(:disconnect_node, topology, node, :not_part_of_network, "can't disconnect from")

        other ->
          failed(:disconnect_node, topology, node, inspect(other), "can't disconnect from")
          {:bad, other}
      end
    end)
  end

  defp connected(list_nodes), do: MapSet.new(call(list_nodes, []))

  defp call({module, function, arguments}, more), do: apply(module, function, arguments ++ more)

  defp each(nodes, fun) do
    bad =
      for node <- MapSet.delete(nodes, node()), {:bad, reason} <- [fun.(node)], do: {node, reason}

    if bad == [], do: :ok, else: {:error, bad}
  end

  defp done(action, topology, node, started, message) do
    duration = System.monotonic_time() - started
    metadata = %{node: node, topology: topology}
    :telemetry.execute([:libcluster, action, :ok], %{duration: duration}, metadata)
    Logger.info("[libcluster:#{topology}] #{message} #{inspect(node)}")
  end

  defp failed(action, topology, node, reason, message) do
    metadata = %{node: node, topology: topology, reason: reason}
    :telemetry.execute([:libcluster, action, :error], %{}, metadata)
    Logger.warning("[libcluster:#{topology}] #{message} #{inspect(node)}: #{reason}")
  end
end
