defmodule Myapp.Cluster.FirstPoll do
  @moduledoc """
  Knows whether discovery has polled once since the start, whatever it found.

  From then on the node is connected to the peers that DNS named and that answered, so it misses none of their
  broadcasts. With `HEALTH_AFTER_DISCOVERY=true`, `/health` answers 503 before: a load balancer sends requests to this node
  only when it is in the cluster.

  A task that is alone becomes healthy too: the first poll ends, and finds nobody.
  """

  use Task, restart: :transient

  @retry_ms 100

  @doc """
  Waits for the first poll in a process of its own. `:discovery` is a function that gives the processes that poll.
  """
  @spec start_link(discovery: (... -> [GenServer.server()])) :: {:ok, pid()}
  def start_link(discovery: discovery) do
    :persistent_term.put(__MODULE__, false)
    Task.start_link(__MODULE__, :await, [discovery])
  end

  @doc """
  Whether the first poll is over.
  """
  @spec over?() :: boolean()
  def over?, do: :persistent_term.get(__MODULE__, true)

  @doc """
  The processes of this application that poll: libcluster's strategies, and DNSCluster.
  """
  @spec discovery() :: [GenServer.server()]
  def discovery do
    strategies =
      for {_topology, pid, _type, _modules} <- Supervisor.which_children(Myapp.ClusterSupervisor),
          do: pid

    # There is none where it ignores the query.
    strategies ++ List.wrap(Process.whereis(DNSCluster))
  end

  @doc false
  # libcluster's DNSPoll polls in init/1, the others in handle_continue/2: each answers a system message after that.
  def await(discovery) do
    Enum.each(discovery.(), &:sys.get_state(&1, :infinity))
    :persistent_term.put(__MODULE__, true)
  catch
    # It restarts, and polls again.
    :exit, _reason ->
      Process.sleep(@retry_ms)
      await(discovery)
  end
end
