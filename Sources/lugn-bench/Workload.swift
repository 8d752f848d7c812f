/// One line of the table: a name, what it is held to, and how it is measured.
struct Workload: Sendable {
    var name: String
    var summary: String
    var target: Target
    var measure: @Sendable (Bench) async throws -> Measurement

    /// In the order in which they are run and told.
    static let all: [Workload] =
        inserting + updating + sealing + merging + [accept, feed] + sizes
        + [firstSync, memory, roundTrip, fanOut, opening, growth]
}
