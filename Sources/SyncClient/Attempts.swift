/// How often one exchange was tried, and why it failed.
struct Attempts {
    private var unreadable = 0
    private var timeouts = 0
    private var damaged = 0

    /// How often the server must say that it cannot read a commit sent alone until that is believed: what could not be read
    /// may have been damaged on the way.
    private static let unreadableLimit = 4

    /// Whether a commit that was sent alone can never be taken.
    mutating func condemn(after error: SyncError) -> Bool {
        if error.code == .tooLarge { return true }
        guard error.code == .malformed else { return false }
        unreadable += 1
        return unreadable >= Self.unreadableLimit
    }

    /// Whether the exchange is to be tried again at once, in a smaller or the same form.
    ///
    /// - Parameters:
    ///   - isAlone: nothing could be taken out of it any more.
    ///   - isCondemnable: it holds one commit, of which ``condemn(after:)`` was asked.
    mutating func mayRepeat(after error: SyncError, isAlone: Bool, isCondemnable: Bool) -> Bool {
        switch error.code {
        case .tooLarge, .tooLargeOnTheWay: return !isAlone
        case .malformed:
            // A commit alone has been counted above.
            if !isCondemnable { unreadable += 1 }
            return unreadable < Self.unreadableLimit
        case .damaged:
            damaged += 1
            return damaged < Self.unreadableLimit
        case .timedOut:
            timeouts += 1
            return timeouts < 2
        default: return false
        }
    }
}
