import ChangeLog
import SyncProtocol

/// How a workstation stands, in one word: the first of these that is true.
enum DeviceState: String, Sendable, CaseIterable {
    /// Let in no more.
    case out
    /// Let in, and never heard of.
    case never
    /// Proven to hold something else than the server.
    case differs
    /// Its program is older than the line serves.
    case tooOld
    /// Not heard of for a day.
    case silent
    /// With work that it had not sent when it last called.
    case unsent
    case behind
    /// With all sent and fetched, and not proven equal.
    case unproven
    /// Proven equal when it was last heard of, and not connected now: what was written there since is not known.
    case away
    /// Proven equal, and connected.
    case inSync

    /// One that is connected calls at least once a minute.
    private static let connectedMilliseconds: Int64 = 180_000

    init(_ device: DeviceStanding, terms: LineTerms, now: Int64) {
        let latest = device.latest
        let silence = now - latest.lastSeen
        self =
            if device.isRevoked {
                .out
            } else if latest.isVerified == false {
                .differs
            } else if terms.areTooNew(for: latest.condition.program) {
                .tooOld
            } else if silence > DeviceStanding.silentAfterMilliseconds {
                .silent
            } else if latest.pending > 0 {
                .unsent
            } else if latest.lag > 0 {
                .behind
            } else if latest.isVerified != true {
                .unproven
            } else {
                silence > Self.connectedMilliseconds ? .away : .inSync
            }
    }
}
