# libcluster isn't there in test, and with it telemetry; what the application tells telemetry is tested all the same.
Code.require_file("../offline/telemetry/lib/telemetry.ex", __DIR__)
{:ok, _pid} = Telemetry.StandIn.start(:normal, [])

# A message that a test expects comes, late on a machine without CPU to spare: the limit is for one that never comes.
ExUnit.start(capture_log: true, assert_receive_timeout: 30_000)
