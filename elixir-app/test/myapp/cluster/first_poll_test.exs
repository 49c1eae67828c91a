defmodule Myapp.Cluster.FirstPollTest do
  use ExUnit.Case

  alias Myapp.Cluster.FirstPoll

  defmodule Discovery do
    use GenServer

    def start_link(test), do: GenServer.start_link(__MODULE__, test)

    @impl true
    def init(test), do: {:ok, test, {:continue, :poll}}

    @impl true
    def handle_continue(:poll, test) do
      send(test, {:polls, self()})

      receive do
        :polled -> {:noreply, test}
        :crash -> exit(:crash)
      end
    end
  end

  # The application's own has found nobody: tests don't cluster.
  setup do
    on_exit(fn -> :persistent_term.put(FirstPoll, true) end)
  end

  defp start_polling do
    discovery = start_supervised!({Discovery, self()})
    assert_receive {:polls, ^discovery}
    discovery
  end

  defp first_poll(discovery) do
    {:ok, pid} = FirstPoll.start_link(discovery: discovery)
    {pid, Process.monitor(pid)}
  end

  test "is over when each process has polled" do
    discovery = start_polling()
    {_pid, ref} = first_poll(fn -> [discovery] end)
    refute FirstPoll.over?()

    send(discovery, :polled)
    assert_receive {:DOWN, ^ref, :process, _pid, :normal}
    assert FirstPoll.over?()
  end

  test "waits for a process that restarts" do
    Process.flag(:trap_exit, true)
    {:ok, crashing} = Discovery.start_link(self())
    assert_receive {:polls, ^crashing}
    {:ok, processes} = Agent.start_link(fn -> [crashing] end)
    {_pid, ref} = first_poll(fn -> Agent.get(processes, & &1) end)

    restarted = start_polling()
    Agent.update(processes, fn _crashing -> [restarted] end)
    send(crashing, :crash)
    assert_receive {:EXIT, ^crashing, :crash}
    refute FirstPoll.over?()

    send(restarted, :polled)
    assert_receive {:DOWN, ^ref, :process, _pid, :normal}, 2_000
    assert FirstPoll.over?()
  end

  test "is over in an application that doesn't look for others" do
    assert FirstPoll.discovery() == []
    {_pid, ref} = first_poll(&FirstPoll.discovery/0)
    assert_receive {:DOWN, ^ref, :process, _pid, :normal}
    assert FirstPoll.over?()
  end
end
