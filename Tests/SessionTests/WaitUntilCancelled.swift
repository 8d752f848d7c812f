/// A sleep without a clock: for what a test does not let come about by waiting. Ends when its task is cancelled.
func waitUntilCancelled() async throws {
    let (stream, continuation) = AsyncStream.makeStream(of: Never.self)
    for await _ in stream {}
    withExtendedLifetime(continuation) {}
    try Task.checkCancellation()
}
