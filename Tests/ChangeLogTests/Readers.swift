import SQLite
import TestSupport
import Testing

/// Runs the body while a reader stands on an old snapshot of the store.
func withReader(of store: TestStore, _ body: () async throws -> Void) async throws {
    let reader = try Connection(path: try #require(store.site as? SQLiteSite).path, mode: .readOnly)
    try reader.execute("BEGIN")
    _ = try reader.integer("SELECT count(*) FROM change")
    try await body()
    try reader.execute("ROLLBACK")
}
