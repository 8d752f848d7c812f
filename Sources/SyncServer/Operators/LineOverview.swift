public import ChangeLog
import SyncProtocol

/// How the workstations of a line stand, counted: what an operator looks at first.
public struct LineOverview: Sendable {
    public var line: LineSummary
    public var devices: [DeviceStanding]

    /// Those that are let in.
    public var welcome: [DeviceStanding] { devices.filter { !$0.isRevoked } }

    /// How many stand so.
    func count(_ state: DeviceState, _ now: Int64) -> Int {
        welcome.count { DeviceState($0, terms: line.terms, now: now) == state }
    }

    // Of those that are let in, by what they said when they last called.

    public func silent(_ now: Int64) -> Int {
        welcome.count { now - $0.latest.lastSeen > DeviceStanding.silentAfterMilliseconds }
    }
    /// With work that they had not sent.
    public var unsent: Int { welcome.count { $0.latest.pending > 0 } }
    /// When the oldest work was written that had not been sent, in milliseconds since 1970, by the clock of its workstation.
    public var oldestUnsent: Int64? {
        welcome.compactMap { $0.latest.pending > 0 ? $0.latest.oldestPending : nil }.min()
    }
    /// That have not fetched all.
    public var behind: Int { welcome.count { $0.latest.lag > 0 } }
    /// Not proven equal with the server, with nothing to send and nothing to fetch.
    public var unverified: Int {
        welcome.count { $0.latest.pending == 0 && $0.latest.lag == 0 && $0.latest.isVerified != true }
    }
    /// Proven to differ from the server.
    public var differing: Int { welcome.count { $0.latest.isVerified == false } }
    public var setAside: UInt64 { welcome.reduce(0) { $0 &+ $1.latest.condition.setAside } }
    public var unopened: UInt64 { welcome.reduce(0) { $0 &+ $1.latest.condition.unopened } }
    /// That cannot give a reference number without asking first.
    public var withoutNumbers: Int { welcome.count { $0.latest.condition.numbersLeft == 0 } }
    /// The largest error of a clock, in milliseconds.
    public var clockOffset: Int64 {
        Int64(clamping: welcome.map { $0.latest.clockOffsetMilliseconds.magnitude }.max() ?? 0)
    }
    /// Proven equal with the log that the line has now: after a restoration, those that have brought back what was missing.
    public var agreed: Int { welcome.count { $0.replicas.contains { $0.agreed != nil } } }

    /// Whether something was missing, and everything that the workstations hold is here again. Of a line that was begun anew the
    /// server does not know how many there are, and never says so.
    var isRefilled: Bool {
        let isRestored = line.restoration.map { $0.completed == nil && $0.devices > 0 } ?? false
        let wasBegunAnew = line.restoration.map { $0.completed == nil && $0.devices == 0 } ?? false
        guard isRestored || line.setAsideChanges > 0, !wasBegunAnew else { return false }
        return agreed == welcome.count && !welcome.isEmpty
    }

    /// Those whose program is older than the line serves.
    public var tooOld: Int { welcome.count { line.terms.areTooNew(for: $0.latest.condition.program) } }
}
