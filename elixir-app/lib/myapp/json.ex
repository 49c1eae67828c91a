# Elixir has JSON from 1.18 on. For older ones, this is the one function of it that the application calls.
if Version.match?(System.version(), "< 1.18.0") do
  defmodule JSON do
    @moduledoc false

    @spec encode!(map() | list() | String.t() | atom() | DateTime.t()) :: String.t()
    def encode!(%DateTime{} = time), do: time |> DateTime.to_iso8601() |> encode!()
    def encode!(%{} = map), do: "{" <> Enum.map_join(map, ",", &member/1) <> "}"
    def encode!(list) when is_list(list), do: "[" <> Enum.map_join(list, ",", &encode!/1) <> "]"
    def encode!(atom) when is_atom(atom), do: atom |> Atom.to_string() |> encode!()

    def encode!(text),
      do: ~s(") <> for(<<char::utf8 <- text>>, into: "", do: escape(char)) <> ~s(")

    defp member({key, value}), do: encode!(key) <> ":" <> encode!(value)

    # https://www.rfc-editor.org/rfc/rfc8259#section-7
    defp escape(?\n), do: "\\n"
    defp escape(char) when char in [?", ?\\], do: <<?\\, char>>

    defp escape(char) when char < 0x20,
      do: "\\u" <> String.pad_leading(Integer.to_string(char, 16), 4, "0")

    defp escape(char), do: <<char::utf8>>
  end
end
