import Casework
import LocalPage
import Support

/// One opened page: who works in it, and whether it is locked. Named by a bearer that only that page's memory has.
struct Session: Sendable {
    let id: String
    /// Nil before somebody has signed in.
    var author: AuthorCode?
    /// Since when nothing is shown.
    var lockedSince: Int64?
    var lastActive: Int64
    /// When this counsellor's shift before this one ended.
    var previousShift: Int64
    /// Until when a lead, who has entered their own code and PIN here, lets this page change what holds for the line.
    var leadUntil: Int64?
}

final class Sessions: Sendable {
    private let open = Lock<[String: Session]>([:])
    let idleMilliseconds: Int64

    /// More pages than anybody has open; the oldest is closed.
    private static let limit = 16

    init(idleMilliseconds: Int64) { self.idleMilliseconds = idleMilliseconds }

    /// A new session. Returns its bearer.
    func begin(now: Int64) -> String {
        let bearer = newSecret()
        let session = Session(
            id: String(newSecret().prefix(16)), author: nil, lockedSince: nil, lastActive: now, previousShift: now)
        open.withLock { open in
            if open.count >= Self.limit, let oldest = open.min(by: { $0.value.lastActive < $1.value.lastActive })?.key {
                open.removeValue(forKey: oldest)
            }
            open[bearer] = session
        }
        return bearer
    }

    func knows(_ bearer: String) -> Bool { key(of: bearer) != nil }

    /// Looks at all of them, so that the time does not tell which came close.
    private func key(of bearer: String) -> String? {
        open.withLock { open in open.keys.filter { areEqual($0, bearer) }.first }
    }

    /// The session as it is now: locked, if nobody has touched it for too long. Nil for a bearer that is none.
    func session(_ bearer: String, now: Int64) -> Session? {
        guard let key = key(of: bearer) else { return nil }
        return open.withLock { open in
            guard var session = open[key] else { return nil }
            if session.author != nil, session.lockedSince == nil, now - session.lastActive > idleMilliseconds {
                session.lockedSince = session.lastActive + idleMilliseconds
                session.leadUntil = nil
                open[key] = session
            }
            return session
        }
    }

    func change(_ bearer: String, _ body: (inout Session) -> Void) {
        guard let key = key(of: bearer) else { return }
        open.withLock { open in
            if var session = open[key] {
                body(&session)
                open[key] = session
            }
        }
    }
}
