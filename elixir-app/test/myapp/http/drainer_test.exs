defmodule Myapp.Http.DrainerTest do
  use ExUnit.Case

  alias Myapp.Http.Drainer
  alias Myapp.WebSocketClient, as: Client

  setup do
    {:ok, socket} = :gen_tcp.listen(0, [])
    {:ok, port} = :inet.port(socket)
    :ok = :gen_tcp.close(socket)
    start_supervised!({Myapp.Http, port: port})
    on_exit(fn -> :persistent_term.put(Drainer, false) end)
    %{port: port}
  end

  # As the supervisor does on SIGTERM; the application's own drainer goes on.
  defp drain(seconds) do
    {:ok, pid} = GenServer.start(Drainer, seconds)
    from = System.monotonic_time(:millisecond)
    :ok = GenServer.stop(pid)
    System.monotonic_time(:millisecond) - from
  end

  defp get(port, path) do
    {:ok, {{_version, status, _reason}, headers, _body}} =
      :httpc.request(:get, {~c"http://127.0.0.1:#{port}#{path}", []}, [], [])

    {status, headers}
  end

  defp open(port) do
    {socket, "HTTP/1.1 101" <> _} = Client.open(port)
    socket
  end

  # Reads as a client does: answers the close frame, and reports when it came.
  defp client(socket, test) do
    pid =
      spawn_link(fn ->
        receive do: (:go -> :ok)
        frame = Client.next(socket)
        send(test, {:closed, frame, System.monotonic_time(:millisecond)})
        Client.send_frame(socket, 8, <<1012::16>>)
        :gen_tcp.close(socket)
      end)

    :ok = :gen_tcp.controlling_process(socket, pid)
    send(pid, :go)
  end

  test "closes WebSockets with 1012, evenly over the first half of the time", %{port: port} do
    for _ <- 1..4, do: client(open(port), self())
    from = System.monotonic_time(:millisecond)
    took = drain(2)

    times =
      for _ <- 1..4 do
        assert_received {:closed, {8, <<1012::16>>}, at}
        at - from
      end

    [first, second, third, fourth] = Enum.sort(times)
    assert second - first >= 200 and third - second >= 200 and fourth - third >= 200
    assert fourth <= took and took < 2_000
  end

  test "waits for the requests that have begun, and refuses new ones meanwhile", %{port: port} do
    slow = Task.async(fn -> get(port, "/slow?seconds=1") end)
    until(fn -> Registry.lookup(Myapp.Http.Open, :request) != [] end)
    draining = Task.async(fn -> drain(5) end)
    until(&Drainer.draining?/0)
    assert {503, _headers} = get(port, "/health")
    {200, headers} = get(port, "/")
    assert {~c"connection", ~c"close"} in headers
    {_socket, response} = Client.open(port)
    assert response =~ ~r"^HTTP/1.1 503"
    assert {200, _headers} = Task.await(slow)
    assert Task.await(draining) < 5_000
  end

  @tag :capture_log
  test "gives up after the whole time", %{port: port} do
    slow = Task.async(fn -> get(port, "/slow?seconds=3") end)
    until(fn -> Registry.lookup(Myapp.Http.Open, :request) != [] end)
    assert drain(1) in 1_000..2_500
    Task.await(slow)
  end

  test "takes no time where nothing is open" do
    assert drain(20) < 1_000
  end

  defp until(condition), do: unless(condition.(), do: Process.sleep(10) && until(condition))

  describe "seconds!" do
    test "is DRAIN_SECONDS, or 20" do
      assert Drainer.seconds!(%{}) == 20
      assert Drainer.seconds!(%{"DRAIN_SECONDS" => "0"}) == 0
    end

    test "ends before the Erlang VM does" do
      assert Drainer.seconds!(%{"DRAIN_SECONDS" => "34", "SHUTDOWN_TIME" => "35"}) == 34
      assert Drainer.seconds!(%{"SHUTDOWN_TIME" => "10"}) == 9

      assert_raise ArgumentError, ~r"DRAIN_SECONDS is \"35\"; .* 0 to 34", fn ->
        Drainer.seconds!(%{"DRAIN_SECONDS" => "35", "SHUTDOWN_TIME" => "35"})
      end
    end

    for value <- ["", "x", "-1", "25", "5s"] do
      test "refuses #{inspect(value)}" do
        assert_raise ArgumentError,
                     ~r"DRAIN_SECONDS is #{inspect(unquote(value))}; .* 0 to 24",
                     fn ->
                       Drainer.seconds!(%{"DRAIN_SECONDS" => unquote(value)})
                     end
      end
    end
  end
end
