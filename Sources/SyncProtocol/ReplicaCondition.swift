/// What a replica says of itself with each request, so that an operator sees what is wrong without reading a case: a version
/// and counts, and nothing of what it holds.
public struct ReplicaCondition: Hashable, Sendable {
    /// The version of the program that works on it, such as `0.1.0`; empty if it does not say. At most ``programBytes``.
    public var program: String
    /// Commits that the server refused for good, kept at the desk for people.
    public var setAside: UInt64
    /// Changes that it could not open.
    public var unopened: UInt64
    /// Leased reference numbers that it can still give.
    public var numbersLeft: UInt64

    public static let programBytes = 40

    /// - Parameter program: what is longer than ``programBytes`` is cut.
    public init(program: String = "", setAside: UInt64 = 0, unopened: UInt64 = 0, numbersLeft: UInt64 = 0) {
        var program = program
        while program.utf8.count > Self.programBytes { program.removeLast() }
        self.program = program
        self.setAside = setAside
        self.unopened = unopened
        self.numbersLeft = numbersLeft
    }
}
