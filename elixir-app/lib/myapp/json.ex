defmodule Myapp.Json do
  @moduledoc """
  Encodes what `GET /cluster` answers. OTP has `:json` from 27 on only, and one page is no reason for a dependency.
  """

  @doc """
  JSON of maps with atom keys (sorted), lists, strings, atoms and times.

      iex> Myapp.Json.encode(%{node: :"a@b", members: []})
      ~S({"members":[],"node":"a@b"})
  """
  @spec encode(map() | list() | String.t() | atom() | DateTime.t()) :: String.t()
  def encode(%DateTime{} = time), do: time |> DateTime.to_iso8601() |> encode()

  def encode(map) when is_map(map) do
    "{" <>
      (map |> Enum.sort() |> Enum.map_join(",", fn {k, v} -> encode(k) <> ":" <> encode(v) end)) <>
      "}"
  end

  def encode(list) when is_list(list), do: "[" <> Enum.map_join(list, ",", &encode/1) <> "]"
  def encode(atom) when is_atom(atom), do: atom |> Atom.to_string() |> encode()
  def encode(string) when is_binary(string), do: ~s(") <> escape(string) <> ~s(")

  # https://www.rfc-editor.org/rfc/rfc8259#section-7
  defp escape(string) do
    for <<char::utf8 <- string>>, into: "" do
      cond do
        char in [?", ?\\] -> <<?\\, char>>
        char < 0x20 -> "\\u" <> String.pad_leading(Integer.to_string(char, 16), 4, "0")
        true -> <<char::utf8>>
      end
    end
  end
end
