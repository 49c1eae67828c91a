# An expected message arrives, late on a busy machine: the limit is for one that never comes.
ExUnit.start(capture_log: true, assert_receive_timeout: 30_000)
