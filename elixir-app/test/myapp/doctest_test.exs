defmodule Myapp.DoctestTest do
  use ExUnit.Case, async: true

  doctest Myapp.Cluster
  doctest Myapp.Http.Visitor
  doctest Myapp.Http.WebSocket
  doctest Myapp.Http.WebSocket.Frame

  test "JSON is encoded as Elixir 1.18 and later encode it" do
    assert JSON.encode!(%{node: :a@b}) == ~S({"node":"a@b"})
    assert JSON.encode!([~U[2026-11-25 00:34:30Z], []]) == ~S(["2026-11-25T00:34:30Z",[]])
    assert JSON.encode!(~s(a"b\\c\n\u0001<ü>)) == ~S("a\"b\\c\n\u0001<ü>")
  end
end
