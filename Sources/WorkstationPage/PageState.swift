import LocalPage
import Support
import Workstation

/// What all requests share.
final class PageState: Sendable {
    let workstation: Workstation
    let rules: PageRules
    let launches = Launches()
    let sessions: Sessions
    let wallMilliseconds: @Sendable () -> Int64
    let warningMilliseconds: Int64
    private let openAgain: @Sendable () -> Void
    private let lastReopening = Lock<Int64>(.min)

    private static let reopeningMilliseconds: Int64 = 5_000

    init(
        _ workstation: Workstation, host: String, idleMilliseconds: Int64,
        wallMilliseconds: @escaping @Sendable () -> Int64, openAgain: @escaping @Sendable () -> Void
    ) {
        self.workstation = workstation
        rules = PageRules(host: host)
        sessions = Sessions(idleMilliseconds: idleMilliseconds)
        warningMilliseconds = min(60_000, idleMilliseconds / 2)
        self.wallMilliseconds = wallMilliseconds
        self.openAgain = openAgain
    }

    /// Opens the page in the user's browser again. Whoever asks for it gets nothing by it; now and then only, so that
    /// nobody is flooded.
    func reopen() {
        let now = wallMilliseconds()
        let mayOpen = lastReopening.withLock { last in
            if last != .min, now - last < Self.reopeningMilliseconds, now >= last { return false }
            last = now
            return true
        }
        if mayOpen { openAgain() }
    }

    /// `sv` or `en`.
    func language() -> String {
        do {
            return try workstation.preference("language") == "en" ? "en" : "sv"
        } catch {
            return "sv"  // the page is shown all the same, and says itself what is wrong with the disk
        }
    }
}
