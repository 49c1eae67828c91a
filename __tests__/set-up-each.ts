// A test that evaluates no expectation passes whatever the code does, as one that loops over an empty list: it fails.
beforeEach(() => expect.hasAssertions());
