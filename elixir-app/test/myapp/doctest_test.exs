defmodule Myapp.DoctestTest do
  use ExUnit.Case, async: true

  doctest Myapp.Cluster
  doctest Myapp.Http.Visitor
  doctest Myapp.Json

  test "JSON escapes what must be" do
    assert Myapp.Json.encode(~s(a"b\\c\n<ü>)) == ~S("a\"b\\c\u000A<ü>")
  end
end
