defmodule :telemetry do
  @moduledoc false
  require Logger

  def attach(id, event, handler, config), do: attach_many(id, [event], handler, config)

  def attach_many(id, events, handler, config) when is_function(handler, 4) do
    if List.keymember?(handlers(), id, 0),
      do: {:error, :already_exists},
      else: put([{id, events, handler, config} | handlers()])
  end

  def detach(id) do
    if List.keymember?(handlers(), id, 0),
      do: handlers() |> List.keydelete(id, 0) |> put(),
      else: {:error, :not_found}
  end

  def execute(event, measurements, metadata \\ %{}) do
    for {id, events, handler, config} <- handlers(), event in events do
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

  defp handlers, do: :persistent_term.get(__MODULE__, [])
  defp put(handlers), do: :persistent_term.put(__MODULE__, handlers)
end
