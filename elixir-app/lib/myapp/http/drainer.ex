defmodule Myapp.Http.Drainer do
  @moduledoc """
  Ends the open requests in order when the application stops, before anything else stops.

  WebSockets are asked to close one after another, evenly over the first half of the time, so that their clients don't all
  connect to the remaining nodes at the same moment. Requests that have begun run to their end. From the beginning on,
  `/health` answers 503 and each response closes its connection. After the whole time (`seconds`) what is still open is
  cut off.

  Behind a load balancer on ECS, new requests have stopped by then: ECS takes a task out of its target group, waits for the
  deregistration delay and only then sends SIGTERM. The times belong together: `seconds` must be shorter than
  `-shutdown_time` in `rel/vm.args.eex`, and that shorter than the task's `stopTimeout`, or SIGKILL comes first.
  """

  use GenServer

  alias Myapp.Http.WebSocket

  require Logger

  @registry Myapp.Http.Open
  @poll_ms 50

  @doc """
  The seconds from `DRAIN_SECONDS` (default: 20), or an `ArgumentError`. They must be fewer than those that the Erlang VM
  has to stop: `SHUTDOWN_TIME`, or the 25 of `rel/vm.args.eex`.
  """
  @spec seconds!(%{String.t() => String.t()}) :: non_neg_integer()
  def seconds!(env) do
    shutdown = shutdown_time(env)

    case Integer.parse(Map.get(env, "DRAIN_SECONDS", "#{min(20, shutdown - 1)}")) do
      {seconds, ""} when seconds >= 0 and seconds < shutdown ->
        seconds

      _other ->
        raise ArgumentError,
              "DRAIN_SECONDS is #{inspect(env["DRAIN_SECONDS"])}; it must be a whole number, 0 to #{shutdown - 1}, since the Erlang VM " <>
                "stops after #{shutdown} s (SHUTDOWN_TIME, or -shutdown_time in rel/vm.args.eex). For example: DRAIN_SECONDS=20"
    end
  end

  # env.sh rejects anything but a number.
  defp shutdown_time(env) do
    case Integer.parse(Map.get(env, "SHUTDOWN_TIME", "")) do
      {seconds, ""} -> seconds
      _not_set -> 25
    end
  end

  @doc """
  The registry of open requests, which starts before HTTP.
  """
  @spec registry() :: Supervisor.child_spec()
  def registry, do: {Registry, keys: :duplicate, name: @registry}

  @doc """
  Runs `work` as an open request of this process.
  """
  @spec open(:request | :socket, (... -> result)) :: result when result: term()
  def open(kind, work) do
    {:ok, _owner} = Registry.register(@registry, kind, nil)

    try do
      work.()
    after
      Registry.unregister(@registry, kind)
    end
  end

  @doc """
  Whether the application is stopping.
  """
  @spec draining?() :: boolean()
  def draining?, do: :persistent_term.get(__MODULE__, false)

  @spec start_link(seconds: non_neg_integer()) :: GenServer.on_start()
  def start_link(seconds: seconds) do
    GenServer.start_link(__MODULE__, seconds, name: __MODULE__)
  end

  @spec child_spec(seconds: non_neg_integer()) :: Supervisor.child_spec()
  def child_spec(seconds: seconds) do
    %{
      id: __MODULE__,
      start: {__MODULE__, :start_link, [[seconds: seconds]]},
      shutdown: :timer.seconds(seconds + 1)
    }
  end

  @impl true
  def init(seconds) do
    Process.flag(:trap_exit, true)
    :persistent_term.put(__MODULE__, false)
    {:ok, seconds}
  end

  @impl true
  def terminate(_reason, seconds) do
    :persistent_term.put(__MODULE__, true)
    from = System.monotonic_time(:millisecond)
    sockets = pids(:socket)
    if sockets != [], do: Logger.info("draining: #{length(sockets)} WebSockets close")
    close(sockets, div(:timer.seconds(seconds), 2 * max(1, length(sockets))))
    await(from + :timer.seconds(seconds))
    left = length(pids(:socket)) + length(pids(:request))
    if left > 0, do: Logger.warning("drained for #{seconds} s: #{left} requests are cut off")
  end

  # The first one at once, so that a single one doesn't wait.
  defp close([], _pause), do: :ok

  defp close([socket | others], pause) do
    WebSocket.drain(socket)
    if others != [], do: Process.sleep(pause)
    close(others, pause)
  end

  defp await(deadline) do
    if pids(:socket) ++ pids(:request) != [] and System.monotonic_time(:millisecond) < deadline do
      # Those that came in the meantime.
      Enum.each(pids(:socket), &WebSocket.drain/1)
      Process.sleep(@poll_ms)
      await(deadline)
    end
  end

  defp pids(kind), do: for({pid, _value} <- Registry.lookup(@registry, kind), do: pid)
end
