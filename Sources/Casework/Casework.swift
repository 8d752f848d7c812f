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
    /// Milliseconds since 1970, by the workstation's own clock; what the server said about it is added.
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

    /// Now, corrected by the clock offset that the server told.
    func now(_ transaction: WriteTransaction) throws -> Timestamp { try now(transaction.snapshot) }

    func now(_ snapshot: borrowing Snapshot) throws -> Timestamp {
        let offset = try snapshot.query("SELECT clock_offset FROM lugn_state") { $0.integer(0) }.first ?? 0
        let (sum, hasOverflown) = wallMilliseconds().addingReportingOverflow(offset)
        return Timestamp(milliseconds: hasOverflown ? wallMilliseconds() : sum)
    }

    /// Today: days are those of the line, whatever the computer's time zone.
    func today(_ snapshot: borrowing Snapshot) throws -> CalendarDate {
        try LineSettings.time(snapshot).day(try now(snapshot))
    }
}
