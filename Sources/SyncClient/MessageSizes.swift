/// How large requests and pages are at the moment: half of what they were after each one that was too large for the server,
/// for anything on the way, or for the time; and growing again with each exchange that succeeds.
struct MessageSizes: Sendable {
    private(set) var requestBytes: Int
    private(set) var pageBytes: Int
    private let largest: (requestBytes: Int, pageBytes: Int)
    /// No smaller: a request holds one commit, however large, and a page too.
    private static let smallestBytes = 4_096

    init(requestBytes: Int, pageBytes: Int) {
        self.requestBytes = requestBytes
        self.pageBytes = pageBytes
        largest = (requestBytes, pageBytes)
    }

    var areSmallest: Bool { requestBytes <= Self.smallestBytes && pageBytes <= Self.smallestBytes }

    /// - Parameter sent: the size of the request that was too large; half of it is the new limit.
    mutating func halve(sent: Int) {
        requestBytes = max(min(Self.smallestBytes, largest.requestBytes), min(requestBytes, sent) / 2)
        pageBytes = max(min(Self.smallestBytes, largest.pageBytes), pageBytes / 2)
    }

    mutating func grow() {
        requestBytes = min(largest.requestBytes, requestBytes * 2)
        pageBytes = min(largest.pageBytes, pageBytes * 2)
    }
}
