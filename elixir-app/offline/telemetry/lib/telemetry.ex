# A stand-in for https://hex.pm/packages/telemetry: the few calls that offline/libcluster and its contract need.
defmodule Telemetry.StandIn do
  @moduledoc false
  use Application

  @impl true
  def start(_type, _args) do
    Supervisor.start_link([{Agent, fn -> table() end}], strategy: :one_for_one)
  end

  defp table, do: :ets.new(:telemetry, [:named_table, :public, read_concurrency: true])
end

defmodule :telemetry do
  @moduledoc false
  require Logger

  def attach(id, event, handler, config), do: attach_many(id, [event], handler, config)

  def attach_many(id, events, handler, config) when is_function(handler, 4) do
    case :ets.insert_new(:telemetry, {id, events, handler, config}) do
      true -> :ok
      false -> {:error, :already_exists}
    end
  end

  def detach(id) do
    case :ets.take(:telemetry, id) do
      [] -> {:error, :not_found}
      [_handler] -> :ok
    end
  end

  def execute(event, measurements, metadata \\ %{}) do
    for {id, events, handler, config} <- :ets.tab2list(:telemetry), event in events do
      try do
        handler.(event, measurements, metadata, config)
      catch
        kind, reason ->
          detach(id)
          Logger.error("telemetry handler #{inspect(id)} failed: #{inspect({kind, reason})}")
      end
    end

    :ok
  end
end
