[
  inputs: [
    "{mix,.formatter}.exs",
    "{config,lib,test}/**/*.{ex,exs}",
    "{contract,offline}/**/{mix,.formatter}.exs",
    "{contract,offline}/**/{lib,test}/**/*.{ex,exs}"
  ]
]
