defmodule Myapp.Test.Epmd do
  @moduledoc "epmd, for tests that start Erlang distribution."

  @doc "Starts epmd unless it runs. `epmd -daemon` ends a moment before its daemon listens: this waits for that too."
  def start do
    {_output, 0} = System.cmd("epmd", ["-daemon"])
    await_names()
  end

  defp await_names do
    case System.cmd("epmd", ["-names"], stderr_to_stdout: true) do
      {_names, 0} ->
        :ok

      {_refused, _status} ->
        Process.sleep(20)
        await_names()
    end
  end
end
