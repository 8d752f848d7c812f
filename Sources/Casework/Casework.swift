public import Replica
import SQLite

/// The casework of an anonymous helpline, on a replica: cases with their contacts and notes, by reference number.
///
/// ```swift
/// let casework = try Casework(path: "replica.db")
/// let number = try casework.newCase(CaseFields(caller: .relative, concerns: [.religious]), by: AuthorCode("S3"))
/// try casework.addNote(number, "Talked for an hour.", by: AuthorCode("S3"))
/// ```
///
/// Every operation is one transaction: it is on disk when it returns, and works without a network. Nothing that names a
/// caller has a place in it: there is no field for a name or a number, and people of the helpline are codes.
public struct Casework: Sendable {
    public let replica: Replica
    /// Milliseconds since 1970, by the workstation's own clock, right or wrong.
    let wallMilliseconds: @Sendable () -> Int64
    /// Called when something was saved in which the guard found what looks like personal data.
    public var onGuardWarning: (@Sendable (GuardWarning) -> Void)?

    /// The longest note, in bytes of UTF-8.
    public static let noteBytes = 64 << 10

    /// - Parameter replica: opened with ``CaseworkSchema/schema``.
    public init(_ replica: Replica, wallMilliseconds: @escaping @Sendable () -> Int64 = systemWallMilliseconds) {
        self.replica = replica
        self.wallMilliseconds = wallMilliseconds
    }

    /// Opens the file, or makes it. Errors: those of `Replica.init`.
    public init(path: String) throws {
        self.init(try Replica(path: path, schema: CaseworkSchema.schema))
    }

    /// Now, by the clock that dates follow (`DateClock`).
    func now(_ transaction: WriteTransaction) throws -> Timestamp { try now(transaction.snapshot) }

    func now(_ snapshot: borrowing Snapshot) throws -> Timestamp {
        Timestamp(milliseconds: try replica.dateClock(snapshot).date(at: reading).milliseconds)
    }

    /// The date of a moment at which the computer's clock said this. Of one that lies more than a day back, or ahead, the
    /// clock was set since: it is now.
    public func moment(ofWall wall: Int64) throws -> Timestamp {
        try replica.read { snapshot in
            let reading = reading
            let now = try replica.dateClock(snapshot).date(at: reading).milliseconds
            let ago = reading.wall.subtractingReportingOverflow(wall).partialValue
            return Timestamp(milliseconds: (0...86_400_000).contains(ago) ? now - ago : now)
        }
    }

    /// The computer's clocks, as they stand.
    var reading: ClockReading {
        ClockReading(wall: wallMilliseconds(), boot: replica.clockReading().boot)
    }

    /// Today: days are those of the line, whatever the computer's time zone.
    func today(_ snapshot: borrowing Snapshot) throws -> CalendarDate {
        try LineSettings.time(snapshot).day(try now(snapshot))
    }
}
