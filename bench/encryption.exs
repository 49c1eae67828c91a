# Measures a connection from this node to the one whose name is its argument, and prints JSON. See bench/encryption.ts.
[peer] = System.argv() |> Enum.map(&String.to_atom/1)

now = fn -> System.monotonic_time(:microsecond) end
median = fn values -> values |> Enum.sort() |> Enum.at(div(length(values), 2)) end

timed = fn fun ->
  from = now.()
  fun.()
  now.() - from
end

# CPU time of both processes, in milliseconds: user and system, of which statistics(runtime) has only the first. A tick is 10 ms.
ticks = fn stat -> stat |> String.split(")") |> List.last() |> String.split() |> Enum.slice(11, 2) |> Enum.map(&String.to_integer/1) |> Enum.sum() end
cpu = fn -> 10 * (ticks.(File.read!("/proc/self/stat")) + ticks.(:erpc.call(peer, File, :read!, ["/proc/self/stat"]))) end

wait = fn wait -> Node.connect(peer) || (Process.sleep(50) && wait.(wait)) end
wait.(wait)

connects =
  for _ <- 1..40 do
    Node.disconnect(peer)
    Process.sleep(30)
    timed.(fn -> true = Node.connect(peer) end)
  end

calls = for _ <- 1..2000, do: timed.(fn -> :erpc.call(peer, :erlang, :node, []) end)

mebibytes = 512
payload = :crypto.strong_rand_bytes(1_048_576)
send_all = fn count ->
  1..count
  |> Task.async_stream(fn _ -> :erpc.call(peer, :erlang, :byte_size, [payload]) end, max_concurrency: 8, timeout: :infinity)
  |> Stream.run()
end

send_all.(64)
before = cpu.()
took = timed.(fn -> send_all.(mebibytes) end)
used = cpu.() - before

IO.puts(
  "{\"connectMs\": #{median.(connects) / 1000}, \"callUs\": #{median.(calls)}, " <>
    "\"mebibytesPerSecond\": #{round(mebibytes / took * 1.0e6)}, \"cpuMsPerMebibyte\": #{used / mebibytes}}"
)
