import Replica

/// Whether another workstation of the line held the same as this one.
public struct DeskComparison: Sendable, Equatable {
    /// Nil where its name cannot be read here.
    public var name: String?
    public var isEqual: Bool
    /// When the other one took its sum, by its own clock: milliseconds since 1970.
    public var at: Int64
}

/// How this workstation stands towards the line's server: what the state line says.
///
/// It is computed from what is on disk and from what the last exchange with the server led to. It says nothing better
/// than is known: "compared" only when the server's fingerprint was the same and nothing has been written since.
public struct SyncState: Sendable, Equatable {
    public enum Condition: Sendable, Equatable {
        /// No line has been joined; everything is here only.
        case notJoined
        /// The server has not been tried yet since the program began.
        case connecting
        /// A first copy of the line's data is being fetched: cases may be missing.
        case fetching
        /// Everything is exchanged and proven equal.
        case compared
        /// Everything is exchanged, and not compared yet.
        case synced
        case sending
        case offline
        case differs
        /// Another workstation held something else at the same place: the server shows different things to different ones.
        case disagrees
        /// The server can never take some of what was written here.
        case refused
        case clockWrong
        /// The server does not let this workstation in.
        case revoked
        case diskFull
        /// The operator asks for a newer version of the program.
        case tooOld
        /// The line has no room left at the server; reading goes on.
        case noRoom
        /// What only a person can mend.
        case stopped
    }

    public var condition: Condition
    /// Changes that only this computer has.
    public var pending: Int
    public var setAside: Int
    public var unopened: Int
    /// When the server last answered, in milliseconds since 1970.
    public var lastSync: Int64?
    public var oldestPending: Int64?
    /// By how much the computer's clock is wrong, in milliseconds.
    public var clockOffset: Int64
    public var freeNumbers: Int
    public var conflicts: Int
    /// Changes that came with a key of before, and that no lead has dealt with here.
    public var late: Int
    public var desk: String?
    public var line: String?
    /// What has happened, where it has a message: without content.
    public var message: String?
    /// What came of comparing with each other workstation of the line, the newest first.
    public var comparisons: [DeskComparison] = []

    /// What the last exchange led to.
    enum Connection: Sendable, Equatable {
        case untried
        case up
        /// Another process keeps these data in sync.
        case elsewhere
        case down(String)
        case revoked(String)
        case full(String)
        case tooOld(String)
        case noRoom(String)
        case stopped(String)
    }

    /// A clock that is wrong by less needs nobody.
    static let clockToleranceMilliseconds: Int64 = 120_000
    /// How old the last answer may be while another process does the syncing.
    static let elsewhereMilliseconds: Int64 = 150_000

    init(
        _ status: ReplicaStatus, _ connection: Connection, comparisons: [DeskComparison] = [], now: Int64
    ) {
        self.comparisons = comparisons
        pending = status.pending
        setAside = status.setAside
        unopened = status.unopened
        lastSync = status.lastSync
        oldestPending = status.oldestPending
        clockOffset = status.clockOffsetMilliseconds
        freeNumbers = status.freeNumbers
        conflicts = status.conflicts
        late = status.late
        desk = status.name
        line = status.lineName
        message =
            switch connection {
            case .down(let text), .revoked(let text), .full(let text), .tooOld(let text), .noRoom(let text),
                .stopped(let text):
                text
            case .untried, .up, .elsewhere: nil
            }
        condition = Self.condition(
            status, connection, isDisagreed: comparisons.contains { !$0.isEqual }, now: now)
    }

    private static func condition(
        _ status: ReplicaStatus, _ connection: Connection, isDisagreed: Bool, now: Int64
    ) -> Condition {
        guard status.line != nil else { return .notJoined }
        switch connection {
        case .stopped: return .stopped
        case .revoked: return .revoked
        case .full: return .diskFull
        case .tooOld: return .tooOld
        default: break
        }
        if status.setAside > 0 { return .refused }
        if status.isVerified == false || status.isHealing { return .differs }
        if isDisagreed { return .disagrees }
        switch connection {
        case .down: return .offline
        case .untried: return .connecting
        case .elsewhere where status.lastSync.map({ now - $0 > elsewhereMilliseconds }) ?? true: return .offline
        default: break
        }
        if abs(status.clockOffsetMilliseconds) > clockToleranceMilliseconds { return .clockWrong }
        if !status.isFirstSyncDone { return .fetching }
        if case .noRoom = connection { return .noRoom }
        if status.pending > 0 { return .sending }
        return status.isVerified == true ? .compared : .synced
    }
}
