defmodule Myapp.HttpTest do
  use ExUnit.Case

  alias Myapp.Cluster.Peers

  require Record

  for name <- [:mod, :init_data] do
    Record.defrecordp(name, Record.extract(name, from_lib: "inets/include/httpd.hrl"))
  end

  setup do
    {:ok, socket} = :gen_tcp.listen(0, [])
    {:ok, port} = :inet.port(socket)
    :ok = :gen_tcp.close(socket)
    start_supervised!({Myapp.Http, port: port})
    %{url: "http://127.0.0.1:#{port}"}
  end

  defp request(method, url) do
    {:ok, {{_version, status, _reason}, headers, body}} =
      :httpc.request(method, {String.to_charlist(url), []}, [], body_format: :binary)

    {status, headers |> List.keyfind(~c"content-type", 0) |> elem(1) |> to_string(), body}
  end

  test "GET /health", %{url: url} do
    assert request(:get, url <> "/health") == {200, "text/plain", "ok\n"}
  end

  describe "GET /health with HEALTH_AFTER_DISCOVERY" do
    setup do
      on_exit(fn ->
        Application.delete_env(:myapp, :health_after_discovery)
        :persistent_term.put(Myapp.Cluster.FirstPoll, true)
      end)

      :persistent_term.put(Myapp.Cluster.FirstPoll, false)
    end

    test "is 503 until discovery has polled once", %{url: url} do
      assert {200, _type, _body} = request(:get, url <> "/health")

      Application.put_env(:myapp, :health_after_discovery, true)
      assert request(:get, url <> "/health") == {503, "text/plain", "looking for peers\n"}

      :persistent_term.put(Myapp.Cluster.FirstPoll, true)
      assert {200, _type, _body} = request(:get, url <> "/health")
    end

    test "is true, false or not set" do
      refute Myapp.Http.health_after_discovery!(%{})
      assert Myapp.Http.health_after_discovery!(%{"HEALTH_AFTER_DISCOVERY" => "true"})
      refute Myapp.Http.health_after_discovery!(%{"HEALTH_AFTER_DISCOVERY" => "false"})

      assert_raise ArgumentError,
                   ~r"HEALTH_AFTER_DISCOVERY is \"1\"; it must be true or false",
                   fn ->
                     Myapp.Http.health_after_discovery!(%{"HEALTH_AFTER_DISCOVERY" => "1"})
                   end
    end
  end

  test "GET /cluster gives this node and its peers as JSON", %{url: url} do
    assert {200, "application/json", alone} = request(:get, url <> "/cluster")
    assert alone =~ ~s("members":["nonode@nohost"])
    assert alone =~ ~s("peers":[])

    send(Peers, {:nodeup, :"myapp@10.0.0.1", []})
    %{"myapp@10.0.0.1": since} = Peers.connected()

    assert {200, "application/json", both} = request(:get, url <> "/cluster?pretty=1")
    assert both =~ ~s("members":["myapp@10.0.0.1","nonode@nohost"])
    assert both =~ ~s("connected_since":"#{DateTime.to_iso8601(since)}")
    assert both == JSON.encode!(Myapp.Cluster.view()) <> "\n"

    assert {200, "text/html; charset=utf-8", page} = request(:get, url)
    assert page =~ "<h1>nonode@nohost</h1>"
    assert page =~ "this one included: 2</p>"
    assert page =~ ~r"<td>myapp@10.0.0.1</td><td>myapp</td><td>\d{4}-\d\d-\d\dT[\d:]+Z</td>"

    send(Peers, {:nodedown, :"myapp@10.0.0.1", []})
  end

  describe "a visitor" do
    setup do
      send(Peers, {:nodeup, :"myapp@10.0.0.1", []})
      on_exit(fn -> send(Peers, {:nodedown, :"myapp@10.0.0.1", []}) end)
    end

    # As httpd calls it for a connection from that address: this machine's own requests all come from loopback.
    defp visit(path, address, headers \\ []) do
      request =
        mod(
          init_data: init_data(peername: {40_000, String.to_charlist(address)}),
          method: ~c"GET",
          request_uri: String.to_charlist(path),
          parsed_header: headers
        )

      {:proceed, [response: {:response, head, [body]}]} = apply(Myapp.Http, :do, [request])
      {head[:code], body}
    end

    test "from this machine or a peer sees the cluster" do
      for address <- ["127.0.0.1", "127.0.0.9", "0:0:0:0:0:0:0:1", "::ffff:10.0.0.1", "10.0.0.1"] do
        assert {200, "{" <> _} = visit("/cluster", address)
        assert {200, page} = visit("/", address)
        assert page =~ "myapp@10.0.0.1"
      end
    end

    test "from elsewhere sees no node, whatever its headers say, and nobody does through a proxy" do
      claims = [{~c"x-forwarded-for", ~c"127.0.0.1"}, {~c"x-real-ip", ~c"10.0.0.1"}]

      for {address, headers} <- [
            {"10.0.0.2", []},
            {"10.0.0.2", claims},
            {"10.0.0.1", claims},
            {"127.0.0.1", claims},
            {"127.0.0.1", [{~c"X-Forwarded-For", ~c"10.0.0.1"}]},
            {"127.0.0.1", [{~c"via", ~c"1.1 envoy"}]},
            {"no address", []}
          ] do
        assert visit("/cluster", address, headers) ==
                 {403, "This node shows its cluster to its own machine and its peers\n"}

        assert {200, page} = visit("/", address, headers)
        refute page =~ "@"
        assert {200, "ok\n"} = visit("/health", address, headers)
      end
    end
  end

  test "a proxy on this machine is refused over the wire", %{url: url} do
    headers = [{~c"x-forwarded-for", ~c"127.0.0.1"}]

    assert {:ok, {{_version, 403, _reason}, _headers, _body}} =
             :httpc.request(:get, {String.to_charlist(url <> "/cluster"), headers}, [], [])
  end

  test "HEAD has no body", %{url: url} do
    assert request(:head, url <> "/health") == {200, "text/plain", ""}
  end

  test "says what there is", %{url: url} do
    assert request(:get, url <> "/status") ==
             {404, "text/plain", "Not found. There are /, /cluster, /health, /slow and /socket\n"}
  end

  test "a slow response takes as long as it is asked to, within bounds", %{url: url} do
    assert request(:get, url <> "/slow?seconds=0") == {200, "text/plain", "took 0 s\n"}

    for query <- ["", "?seconds=", "?seconds=61", "?seconds=-1", "?seconds=x"] do
      assert {400, "text/plain", "seconds must be a whole number, 0 to 60" <> _} =
               request(:get, url <> "/slow" <> query)
    end
  end

  test "changes nothing by POST", %{url: url} do
    {:ok, {{_version, 405, _reason}, _headers, _body}} =
      :httpc.request(
        :post,
        {String.to_charlist(url <> "/cluster"), [], ~c"text/plain", ""},
        [],
        []
      )
  end

  describe "port!" do
    test "is PORT, or 4000" do
      assert Myapp.Http.port!(%{}) == 4000
      assert Myapp.Http.port!(%{"PORT" => "8080"}) == 8080
    end

    for value <- ["", "http", "0", "65536", "80a"] do
      test "refuses #{inspect(value)}" do
        message =
          "PORT is #{inspect(unquote(value))}; it must be a TCP port, 1 to 65535. For example: PORT=4000"

        assert_raise ArgumentError, message, fn ->
          Myapp.Http.port!(%{"PORT" => unquote(value)})
        end
      end
    end
  end
end
