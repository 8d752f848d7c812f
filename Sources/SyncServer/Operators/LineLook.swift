import ChangeLog
import Support
import SyncProtocol

/// What the last verification of a line has found, since the server was started.
struct LineLook: Sendable {
    /// The line's place among the lines, from 1 on: what metrics call it.
    var number: Int
    var line: LineID
    var at: Int64
    var found: LineVerification
}
