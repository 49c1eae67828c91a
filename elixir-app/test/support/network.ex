defmodule Myapp.Test.Network do
  @moduledoc """
  Nodes in name only, so that a test sees every attempt to connect or disconnect: the `connect`, `disconnect` and
  `list_nodes` of a topology, as libcluster's README documents them.
  """

  use Agent

  def start_link(options) do
    state = Map.merge(%{connected: [], answers: %{}, delay: 0, test: self()}, Map.new(options))
    Agent.start_link(fn -> state end)
  end

  def topology(network) do
    [
      connect: {__MODULE__, :connect, [network]},
      disconnect: {__MODULE__, :disconnect, [network]},
      list_nodes: {__MODULE__, :list, [network]}
    ]
  end

  def answer(network, node, answer) do
    Agent.update(network, &%{&1 | answers: Map.put(&1.answers, node, answer)})
  end

  @doc "A `:lookup` that other nodes can call as well."
  def this_machine(_query), do: [{127, 0, 0, 1}]

  @doc "A node connects from its side."
  def join(network, node), do: Agent.update(network, &apply_change(&1, :connect, node))

  def connect(network, node), do: attempt(network, :connect, node)
  def disconnect(network, node), do: attempt(network, :disconnect, node)
  def list(network), do: Agent.get(network, & &1.connected)

  defp attempt(network, action, node) do
    %{answers: answers, delay: delay, test: test} = Agent.get(network, & &1)
    answer = Map.get(answers, node, true)
    send(test, {action, node})
    Process.sleep(delay)
    if answer == true, do: Agent.update(network, &apply_change(&1, action, node))
    send(test, {:done, action, node})
    answer
  end

  defp apply_change(state, :connect, node), do: %{state | connected: [node | state.connected]}

  defp apply_change(state, :disconnect, node),
    do: %{state | connected: List.delete(state.connected, node)}
end
