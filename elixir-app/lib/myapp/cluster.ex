defmodule Myapp.Cluster do
  @moduledoc """
  The cluster as this node sees it.
  """

  alias Myapp.Cluster.Peers

  @type peer :: %{node: node(), basename: String.t(), connected_since: DateTime.t()}

  @type t :: %{
          node: node(),
          basename: String.t(),
          members: [node()],
          peers: [peer()]
        }

  @doc """
  This node, all members (this node included) sorted by name, and for each other one since when it has been connected.
  """
  @spec view() :: t()
  def view do
    peers =
      for {node, since} <- Enum.sort(Peers.connected()) do
        %{node: node, basename: basename(node), connected_since: since}
      end

    %{
      node: node(),
      basename: basename(node()),
      members: Enum.sort([node() | Enum.map(peers, & &1.node)]),
      peers: peers
    }
  end

  @doc """
  The left side of a node's name.

      iex> Myapp.Cluster.basename(:"myapp@10.0.1.11")
      "myapp"
  """
  @spec basename(node()) :: String.t()
  def basename(node) do
    node |> Atom.to_string() |> String.split("@", parts: 2) |> hd()
  end
end
