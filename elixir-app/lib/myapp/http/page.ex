defmodule Myapp.Http.Page do
  @moduledoc """
  The cluster as a page to read. It reloads itself every two seconds.
  """

  @doc """
  HTML for those who may not see the cluster.
  """
  @spec for_others() :: String.t()
  def for_others do
    """
    <!doctype html>
    <html lang="en">
    <head><meta charset="utf-8"><title>myapp</title></head>
    <body>
    <h1>myapp runs</h1>
    <p>This node shows its cluster to its own machine and its peers.</p>
    </body>
    </html>
    """
  end

  @doc """
  HTML of a `t:Myapp.Cluster.t/0`.
  """
  @spec render(Myapp.Cluster.t()) :: String.t()
  def render(view) do
    """
    <!doctype html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta http-equiv="refresh" content="2">
    <meta name="viewport" content="width=device-width">
    <title>#{escape(view.node)}</title>
    <style>
    body { font: 16px/1.5 system-ui, sans-serif; max-width: 48rem; margin: 2rem auto; padding: 0 1rem }
    table { border-collapse: collapse; width: 100% }
    th, td { text-align: left; padding: .25rem .5rem; border-bottom: 1px solid #8884 }
    </style>
    </head>
    <body>
    <h1>#{escape(view.node)}</h1>
    <p>Nodes in the cluster, this one included: #{length(view.members)}</p>
    <table>
    <thead><tr><th>Peer</th><th>Basename</th><th>Connected since (UTC)</th></tr></thead>
    <tbody>
    #{Enum.map_join(view.peers, "\n", &row/1)}
    </tbody>
    </table>
    </body>
    </html>
    """
  end

  defp row(peer) do
    since = peer.connected_since |> DateTime.truncate(:second) |> DateTime.to_iso8601()

    "<tr><td>#{escape(peer.node)}</td><td>#{escape(peer.basename)}</td><td>#{since}</td></tr>"
  end

  defp escape(value) do
    value
    |> to_string()
    |> String.replace("&", "&amp;")
    |> String.replace("<", "&lt;")
    |> String.replace(">", "&gt;")
  end
end
