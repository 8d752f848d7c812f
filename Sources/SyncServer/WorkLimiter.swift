import Support

/// Counts the requests being worked on. Those that wait for news are not.
final class WorkLimiter: Sendable {
    let limit: Int
    private let count = Lock(0)

    init(limit: Int) { self.limit = limit }

    func enter() throws(Problem) {
        let isFull = count.withLock { count in
            if count >= limit { return true }
            count += 1
            return false
        }
        if isFull { throw .busy }
    }

    /// Those that are being worked on now.
    var current: Int { count.withLock { $0 } }

    /// Back to work after a wait: not refused, since it was let in before.
    func reenter() { count.withLock { $0 += 1 } }
    func leave() { count.withLock { $0 -= 1 } }
}
